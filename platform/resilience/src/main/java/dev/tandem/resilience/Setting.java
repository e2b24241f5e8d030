package dev.tandem.resilience;

import java.time.Duration;

/** Rules for values. What breaks one is named by its key, with its value and with what would do. */
final class Setting {

  /** Timers count milliseconds; a longer wait than a day is a mistake in the unit. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private static final Duration LONGEST = Duration.ofDays(1);

  private Setting() {}

  static void isDuration(String key, Duration value, String example) {
    require(
        value.compareTo(SHORTEST) >= 0 && value.compareTo(LONGEST) <= 0,
        key,
        value,
        "a duration from 1ms to 1d, such as " + example);
  }

  static void isNotNegative(String key, Duration value, String example) {
    require(
        !value.isNegative() && value.compareTo(LONGEST) <= 0,
        key,
        value,
        "a duration from 0s to 1d, such as " + example);
  }

  static void isBetween(String key, long value, long lowest, long highest) {
    require(
        value >= lowest && value <= highest,
        key,
        value,
        "a number from %d to %d".formatted(lowest, highest));
  }

  static void isBetween(String key, double value, double lowest, double highest) {
    // Written so that NaN is refused.
    require(
        value >= lowest && value <= highest,
        key,
        value,
        "a number from %s to %s".formatted(lowest, highest));
  }

  static void require(boolean holds, String key, Object value, String fix) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s: set it to %s".formatted(key, value, fix));
    }
  }
}
