package dev.tandem.resilience;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.grpc.Metadata;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a server says of a repetition: after a first byte of {@code p} the text of {@code
 * grpc-retry-pushback-ms}, else {@code grpc-status-details-bin}.
 */
final class RetryAdviceFuzz {

  private RetryAdviceFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] value = Arrays.copyOfRange(input, 1, input.length);
    Metadata trailers = new Metadata();
    if (input[0] == 'p') {
      trailers.put(RetryAdvice.PUSHBACK, new String(value, ISO_8859_1));
    } else {
      trailers.put(RetryAdvice.DETAILS, value);
    }
    switch (RetryAdvice.in(trailers)) {
      case RetryAdvice.After(Duration delay) -> requireBounded(delay);
      case RetryAdvice.NotBefore(Duration delay) -> requireBounded(delay);
      case RetryAdvice.Never(), RetryAdvice.None() -> {}
    }
  }

  private static void requireBounded(Duration delay) {
    if (delay.isNegative() || delay.compareTo(RetryAdvice.LONGEST.plusSeconds(3)) > 0) {
      throw new AssertionError("a pause of " + delay);
    }
  }
}
