package dev.tandem.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Pairs of measurements that were taken one after the other.
 *
 * @param what is judged
 * @param against what it is judged by
 * @param goal what the ratio should be
 * @param first the figures of what is judged, one a round
 * @param second those of what it is judged by
 */
record Comparison(String what, String against, Goal goal, List<Double> first, List<Double> second) {

  Comparison {
    first = List.copyOf(first);
    second = List.copyOf(second);
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "%s: %d figures beside %d are no pairs".formatted(what, first.size(), second.size()));
    }
  }

  /** The ratios of the pairs: what both sides of a pair suffer from cancels out. */
  Spread ratio() {
    return Spread.of(
        IntStream.range(0, first.size()).mapToObj(i -> first.get(i) / second.get(i)).toList());
  }

  /** What a ratio should be. */
  sealed interface Goal {

    record AtLeast(double bound) implements Goal {}

    record AtMost(double bound) implements Goal {}

    /** Measured to be known. */
    record None() implements Goal {}

    default String verdictOn(double ratio) {
      return switch (this) {
        case AtLeast(double bound) ->
            String.format(Locale.ROOT, "≥ %.2f: %s", bound, ratio >= bound ? "met" : "missed");
        case AtMost(double bound) ->
            String.format(Locale.ROOT, "≤ %.2f: %s", bound, ratio <= bound ? "met" : "missed");
        case None() -> "";
      };
    }
  }
}
