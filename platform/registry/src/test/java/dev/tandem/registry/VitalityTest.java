package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class VitalityTest {

  private static final Vitality.Thresholds THRESHOLDS = new Vitality.Thresholds(3, 2);

  @Test
  void anInstanceIsOutUntilItHasServedOftenEnough() {
    assertThat(Vitality.UNKNOWN.in()).isFalse();
    assertThat(after("+").in()).isFalse();
    assertThat(after("+-+").in()).isFalse();
    assertThat(after("++").in()).isTrue();
  }

  @Test
  void oneSlowAnswerChangesNothing() {
    assertThat(after("++-").in()).isTrue();
    assertThat(after("++--").in()).isTrue();
    assertThat(after("++--+--+--").in()).isTrue();
  }

  @Test
  void aRunOfBadAnswersTakesItOutAndARunOfGoodOnesPutsItBack() {
    assertThat(after("++---").in()).isFalse();
    assertThat(after("++---+").in()).isFalse();
    assertThat(after("++---++").in()).isTrue();
  }

  @Test
  void thresholdsAreAtLeastOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Vitality.Thresholds(0, 1))
        .withMessageContaining("tandem.registry.health.failures: \"0\"")
        .withMessageContaining("choose 1 to");
  }

  private static Vitality after(String answers) {
    Vitality vitality = Vitality.UNKNOWN;
    for (int answer = 0; answer < answers.length(); answer++) {
      vitality = vitality.after(answers.charAt(answer) == '+', THRESHOLDS);
    }
    return vitality;
  }
}
