package dev.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterNamesTest {

  private final ClusterNames clusters = new ClusterNames(2);

  @Test
  void keepsAName() {
    assertThat(clusters.label("shanghai")).isEqualTo("shanghai");
  }

  @Test
  void saysUnknownWhenNobodyDid() {
    assertThat(clusters.label(null)).isEqualTo("unknown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Shanghai", "1st", "a b", "a\"b", "a_b", "abcdefghijklmnopqrstuvwxyz-0123456"})
  void saysOtherOfWhatIsNoName(String said) {
    assertThat(clusters.label(said)).isEqualTo("other");
  }

  @Test
  void saysOtherOnceThereAreEnough() {
    assertThat(clusters.label("shanghai")).isEqualTo("shanghai");
    assertThat(clusters.label("beijing")).isEqualTo("beijing");
    assertThat(clusters.label("singapore")).isEqualTo("other");
    assertThat(clusters.label("shanghai")).isEqualTo("shanghai");
  }

  @Test
  void anInventedNameTakesNoPlaceFromARealOne() {
    for (int i = 0; i < 1000; i++) {
      clusters.label("NOT A NAME " + i);
    }

    assertThat(clusters.label("shanghai")).isEqualTo("shanghai");
  }
}
