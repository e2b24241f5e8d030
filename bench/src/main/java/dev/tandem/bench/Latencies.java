package dev.tandem.bench;

import java.util.Arrays;

/** How long calls took, in microseconds. */
final class Latencies {

  private final long[] sorted;

  /**
   * Takes a copy, in any order.
   *
   * @throws IllegalArgumentException when there is none
   */
  Latencies(long[] micros) {
    if (micros.length == 0) {
      throw new IllegalArgumentException("no call was answered");
    }
    sorted = micros.clone();
    Arrays.sort(sorted);
  }

  /** The time within which this share of the calls was answered: nearest rank, no interpolation. */
  double quantile(double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(rank, 1) - 1];
  }
}
