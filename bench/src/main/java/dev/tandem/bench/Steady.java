package dev.tandem.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * What came of a steady load.
 *
 * @param answered from when a call was due to its answer
 * @param sentLate from when a call was due until it was sent: the generator's own doing
 */
record Steady(Latencies answered, Latencies sentLate) {

  /** A hundredth of the load: a generator that is this late in the end has sent 99 of 100 calls. */
  private static final int SHARE_UNSENT = 100;

  /**
   * A load of which the generator sent as much as it should.
   *
   * @throws IOException when it did not: such a p99 would be its own, and not the server's
   */
  static Steady of(long[] answeredMicros, long[] sentLateMicros, Duration span, double rate)
      throws IOException {
    long behind = sentLateMicros[sentLateMicros.length - 1];
    if (behind > span.toNanos() / 1000 / SHARE_UNSENT) {
      throw new IOException(
          "the generator is saturated: it was to send %.0f calls a second, and was %d ms late in the end. The p99 would be its own: measure on a quieter machine, or one with more cores"
              .formatted(rate, behind / 1000));
    }
    return new Steady(new Latencies(answeredMicros), new Latencies(sentLateMicros));
  }
}
