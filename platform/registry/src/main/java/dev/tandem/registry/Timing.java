package dev.tandem.registry;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param lease how long an instance is kept without being heard
 * @param heartbeat how often a quiet watch is confirmed
 * @param timeout of one request
 * @param longestPause between two attempts
 */
record Timing(Duration lease, Duration heartbeat, Duration timeout, Duration longestPause) {

  private static final String PREFIX = "tandem.registry.";

  /** A longer time is a mistake in the unit; far longer ones do not even fit a timer. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

  /** Leases are renewed so often that two attempts may fail. */
  private static final int RENEWALS = 3;

  Timing {
    require("lease", lease, "20s");
    require("heartbeat", heartbeat, "10s");
    require("timeout", timeout, "3s");
    require("retry", longestPause, "5s");
    if (lease.compareTo(SHORTEST_LEASE) < 0) {
      throw new IllegalArgumentException(
          "%slease: \"%s\" is shorter than registries count: choose 2s or longer"
              .formatted(PREFIX, lease));
    }
  }

  static Timing from(RegistrySettings settings) {
    return new Timing(settings.lease(), settings.heartbeat(), settings.timeout(), settings.retry());
  }

  /** After which a lease that lives that long is renewed. */
  static Duration renewalOf(Duration life) {
    return life.dividedBy(RENEWALS);
  }

  static void require(String key, Duration value, String example) {
    if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s%s: \"%s\" is no time to wait, which is longer than zero and at most a day: write one such as %s"
              .formatted(PREFIX, key, value, example));
    }
  }
}
