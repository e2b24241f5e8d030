package dev.tandem.ratelimit;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token bucket's size and refill, written {@code 100/s} or {@code 100/s burst 200}. In any span
 * of time t, at most {@code burst + calls * t / per} calls pass.
 *
 * @param calls refilled per period, 1 to {@value #MOST}
 * @param per a second, a minute or an hour
 * @param burst what a full bucket holds, 1 to {@value #MOST}
 */
public record Limit(long calls, Duration per, long burst) {

  /** Far beyond what one server answers; bucket4j's arithmetic is exact below it. */
  static final long MOST = 10_000_000;

  private static final Pattern NOTATION =
      Pattern.compile("([0-9]{1,9})/([smh])(?: +burst +([0-9]{1,9}))?");

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException when one is out of its range
   */
  public Limit {
    requireInRange("calls", calls);
    requireInRange("burst", burst);
    if (per.isNegative() || per.isZero()) {
      throw new IllegalArgumentException("the period of a limit must be positive, not " + per);
    }
  }

  /**
   * Reads the notation. Without {@code burst}, the bucket holds one period's calls.
   *
   * @throws IllegalArgumentException when the text is not in it, naming the fix
   */
  public static Limit of(String text) {
    Matcher parts = NOTATION.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not a limit: write calls per s, m or h, such as 100/s or 100/s burst 200"
              .formatted(text));
    }
    long calls = Long.parseLong(parts.group(1));
    Duration per =
        switch (parts.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new Limit(calls, per, parts.group(3) == null ? calls : Long.parseLong(parts.group(3)));
  }

  private static void requireInRange(String what, long number) {
    if (number < 1 || number > MOST) {
      throw new IllegalArgumentException(
          "the %s of a limit must be 1 to %d, not %d".formatted(what, MOST, number));
    }
  }

  /** The notation that {@link #of} reads. */
  @Override
  public String toString() {
    String unit =
        switch ((int) per.toSeconds()) {
          case 1 -> "s";
          case 60 -> "m";
          case 3600 -> "h";
          default -> per.toString();
        };
    return "%d/%s burst %d".formatted(calls, unit, burst);
  }
}
