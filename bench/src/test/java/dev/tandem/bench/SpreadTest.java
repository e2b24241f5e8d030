package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void takesTheMiddleOneWhateverTheOrder() {
    assertThat(Spread.of(List.of(9.0, 1.0, 5.0))).isEqualTo(new Spread(5, 1, 9, 3));
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddle() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(new Spread(3, 1, 100, 4));
  }

  @Test
  void isOneFigureAfterOneMeasurement() {
    assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7, 1));
  }

  @Test
  void refusesToSayAnythingOfNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spread.of(List.of()))
        .withMessage("nothing was measured");
  }

  @Test
  void readsAsAMedianAndItsRange() {
    assertThat(
            Spread.of(List.of(1.0, 2.0, 4.0))
                .text(value -> String.format(Locale.ROOT, "%.1f", value)))
        .isEqualTo("2.0 (1.0 to 4.0)");
  }
}
