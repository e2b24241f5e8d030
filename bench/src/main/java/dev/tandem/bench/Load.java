package dev.tandem.bench;

import java.time.Duration;

/**
 * What a server did in a while.
 *
 * @param calls that it answered
 * @param callsPerSecond of the wall's clock
 * @param processorTime that the server's process used meanwhile
 */
record Load(long calls, double callsPerSecond, Duration processorTime) {

  /** Microseconds of the server's processor time that one call took. */
  double microsecondsPerCall() {
    return processorTime.toNanos() / 1000.0 / calls;
  }
}
