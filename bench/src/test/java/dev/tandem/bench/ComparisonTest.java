package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.bench.Comparison.Goal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void comparesPairsAndNotTheTwoMedians() {
    // The medians, 30 and 20, would say 1.5: but the machine was slower in the third round.
    Comparison comparison =
        new Comparison(
            "a", "b", new Goal.None(), List.of(10.0, 30.0, 40.0), List.of(20.0, 10.0, 80.0));

    assertThat(comparison.ratio()).isEqualTo(new Spread(0.5, 0.5, 3, 3));
  }

  @Test
  void refusesFiguresThatAreNoPairs() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Comparison("a", "b", new Goal.None(), List.of(1.0, 2.0), List.of(1.0)))
        .withMessage("a: 2 figures beside 1 are no pairs");
  }

  @Test
  void aGoalIsMetAtItsBound() {
    assertThat(new Goal.AtLeast(0.95).verdictOn(0.95)).isEqualTo("≥ 0.95: met");
    assertThat(new Goal.AtMost(1.15).verdictOn(1.15)).isEqualTo("≤ 1.15: met");
  }

  @Test
  void aGoalThatIsMissedIsCalledThat() {
    assertThat(new Goal.AtLeast(0.95).verdictOn(0.94)).isEqualTo("≥ 0.95: missed");
    assertThat(new Goal.AtMost(1.15).verdictOn(1.16)).isEqualTo("≤ 1.15: missed");
  }

  @Test
  void isARowOfTheTable() {
    assertThat(
            Report.row(
                new Comparison(
                    "throughput: platform",
                    "bare",
                    new Goal.AtLeast(0.95),
                    List.of(96.0, 190.0),
                    List.of(100.0, 200.0))))
        .isEqualTo(
            "| throughput: platform | bare | 0.955 (0.950 to 0.960) | ≥ 0.95: met |"
                + System.lineSeparator());
  }
}
