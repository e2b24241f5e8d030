package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SteadyTest {

  private static final Duration SPAN = Duration.ofSeconds(1);

  @Test
  void callsAreSentALittleLateOnAnyMachine() throws IOException {
    Steady load = Steady.of(new long[] {500, 700}, new long[] {60, 9_000}, SPAN, 2);

    assertThat(load.answered().quantile(0.99)).isEqualTo(700);
    assertThat(load.sentLate().quantile(0.99)).isEqualTo(9_000);
  }

  @Test
  void aGeneratorThatFallsBehindMeasuresItselfAndIsRefused() {
    assertThatThrownBy(
            () -> Steady.of(new long[] {500, 90_000}, new long[] {60, 80_000}, SPAN, 20_000))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "the generator is saturated: it was to send 20000 calls a second, and was 80 ms late in the end");
  }
}
