package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTest {

  @Test
  void isWrittenAsCallsPerSecondMinuteOrHour() {
    assertThat(Limit.of("100/s")).isEqualTo(new Limit(100, Duration.ofSeconds(1), 100));
    assertThat(Limit.of("5/m")).isEqualTo(new Limit(5, Duration.ofMinutes(1), 5));
    assertThat(Limit.of("1000/h burst 50")).isEqualTo(new Limit(1000, Duration.ofHours(1), 50));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100/s burst 200", "1/m burst 1", "10000000/h burst 10000000"})
  void isShownAsItIsWritten(String text) {
    assertThat(Limit.of(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "100", "100/d", "100/s burst", "-1/s", "1.5/s", "100 /s", "100/s burst 2 x"})
  void isRefusedInAnyOtherNotation(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limit.of(text))
        .withMessageContaining("\"%s\"", text)
        .withMessageContaining("100/s burst 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/s", "10000001/s", "1/s burst 0", "1/s burst 999999999"})
  void isRefusedBeyondTheNumbersThatCountExactly(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limit.of(text))
        .withMessageContaining("must be 1 to 10000000");
  }
}
