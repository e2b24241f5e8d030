package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CourseTest {

  @Test
  void leadsFromNothingToTheOldVersionsEnd() {
    assertThat(Course.USUAL.phases())
        .extracting(Phase::key)
        .containsExactly(
            "untouched",
            "beside",
            "mirrored",
            "shifted-1",
            "shifted-5",
            "shifted-20",
            "shifted-50",
            "shifted-100",
            "deprecated",
            "retired");
  }

  @Test
  void findsEveryPhaseByItsKey() {
    assertThat(Course.USUAL.phases())
        .allSatisfy(phase -> assertThat(Phase.parse(phase.key())).contains(phase));
    assertThat(Phase.parse("shifted-0")).isEmpty();
    assertThat(Phase.parse("shifted-101")).isEmpty();
    assertThat(Phase.parse("done")).isEmpty();
  }

  @Test
  void refusesSharesThatDoNotAddUp() {
    for (List<Integer> shares :
        List.of(
            List.<Integer>of(),
            List.of(1, 50),
            List.of(50, 20, 100),
            List.of(0, 100),
            List.of(100, 100),
            List.of(50, 120))) {
      assertThatIllegalArgumentException().as("%s", shares).isThrownBy(() -> new Course(shares));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "User, tandem.user.v1, tandem.user.v2",
    "'', tandem.user.v1, tandem.user.v2",
    "user, v1, tandem.user.v2",
    "user, tandem.user.v1, v2",
    "user, tandem.user.v1, tandem.user.v1",
    "user, tandem.user.v1, /tandem.user.v2",
  })
  void refusesAMigrationThatIsNone(String service, String from, String to) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Migration(service, from, to, Optional.empty(), Map.of(), Course.USUAL));
  }
}
