package dev.tandem.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Several measurements of the same thing.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param lowest the lowest
 * @param highest the highest
 * @param count how many
 */
record Spread(double median, double lowest, double highest, int count) {

  /**
   * What a series comes to.
   *
   * @throws IllegalArgumentException when nothing was measured
   */
  static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /** The median, and from where to where the measurements reach. */
  String text(DoubleFunction<String> number) {
    return String.format(
        Locale.ROOT,
        "%s (%s to %s)",
        number.apply(median),
        number.apply(lowest),
        number.apply(highest));
  }
}
