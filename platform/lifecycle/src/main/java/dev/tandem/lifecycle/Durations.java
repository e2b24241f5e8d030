package dev.tandem.lifecycle;

import java.time.Duration;

/**
 * What settings that are durations have to be, in words that name the key, the value and the fix.
 */
final class Durations {

  /** A longer wait is a mistake in the unit; far longer ones do not even fit a timer. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private Durations() {}

  static void requirePositive(String key, Duration value, String example) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(
          "%s is %s: it must be longer than zero; set it to a duration such as %s"
              .formatted(key, value, example));
    }
    requireAtMostADay(key, value, example);
  }

  static void requireNotNegative(String key, Duration value, String example) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          "%s is %s: it must not be negative; set it to 0s or to a duration such as %s"
              .formatted(key, value, example));
    }
    requireAtMostADay(key, value, example);
  }

  private static void requireAtMostADay(String key, Duration value, String example) {
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s is %s: it must not be longer than a day; set it to a duration such as %s"
              .formatted(key, value, example));
    }
  }
}
