package dev.tandem.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DrillTest {
  @ParameterizedTest
  @EnumSource(Drill.class)
  void isFoundByTheNameThatPeopleType(Drill drill) {
    assertThat(drill.title()).matches("[a-z]+(-[a-z]+)*");
    assertThat(Drill.named(drill.title())).contains(drill);
  }

  @Test
  void anUnknownNameIsNone() {
    assertThat(Drill.named("node-molten")).isEmpty();
  }

  @Test
  void sixAreQuickEnoughForEveryRunOfTheProofs() {
    assertThat(Drill.quick())
        .containsExactly(
            Drill.REPLICAS_GONE,
            Drill.PODS_KILLED,
            Drill.NODE_FROZEN,
            Drill.GATEWAY_KILLED,
            Drill.GATEWAY_FROZEN,
            Drill.CONTROL_PLANE_KILLED);
  }
}
