package dev.tandem.cli.migrate;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How long calls took, as Envoy counts it.
 *
 * @param upTo calls that took at most so many milliseconds; the last bound is infinity
 */
record Histogram(NavigableMap<Double, Long> upTo) {

  static final Histogram EMPTY = new Histogram(new TreeMap<>());

  Histogram {
    upTo = new TreeMap<>(upTo);
  }

  long count() {
    return upTo.isEmpty() ? 0 : upTo.lastEntry().getValue();
  }

  Histogram plus(Histogram other) {
    NavigableMap<Double, Long> sum = new TreeMap<>();
    for (Map<Double, Long> bounds : List.of(upTo, other.upTo)) {
      bounds.keySet().forEach(bound -> sum.put(bound, at(bound) + other.at(bound)));
    }
    return new Histogram(sum);
  }

  /** What came since an earlier reading. A proxy that was started anew begins from nothing. */
  Histogram since(Histogram earlier) {
    if (earlier.count() > count()) {
      return this;
    }
    NavigableMap<Double, Long> rest = new TreeMap<>();
    upTo.forEach((bound, calls) -> rest.put(bound, Math.max(0, calls - earlier.at(bound))));
    return new Histogram(rest);
  }

  /**
   * The time within which this share of the calls was done, interpolated within its bucket; nothing
   * when there were no calls. Beyond the last finite bound it is that bound.
   */
  Optional<Double> quantile(double share) {
    if (count() == 0) {
      return Optional.empty();
    }
    double wanted = share * count();
    double lowerBound = 0;
    long below = 0;
    for (Map.Entry<Double, Long> bucket : upTo.entrySet()) {
      if (bucket.getValue() >= wanted) {
        if (bucket.getKey().isInfinite()) {
          return Optional.of(lowerBound);
        }
        long within = bucket.getValue() - below;
        double part = within == 0 ? 1 : (wanted - below) / within;
        return Optional.of(lowerBound + (bucket.getKey() - lowerBound) * part);
      }
      lowerBound = bucket.getKey();
      below = bucket.getValue();
    }
    return Optional.of(lowerBound);
  }

  /** How many calls took longer than this, interpolated within its bucket as quantiles are. */
  long slowerThan(double millis) {
    Map.Entry<Double, Long> lower = upTo.floorEntry(millis);
    Map.Entry<Double, Long> upper = upTo.higherEntry(millis);
    double lowerBound = lower == null ? 0 : lower.getKey();
    long within = lower == null ? 0 : lower.getValue();
    if (upper == null || upper.getKey().isInfinite()) {
      return count() - within;
    }
    double part = (millis - lowerBound) / (upper.getKey() - lowerBound);
    return Math.round(count() - within - part * (upper.getValue() - within));
  }

  /** Bounds differ between readings: a bucket that is not named has what the one below it has. */
  private long at(double bound) {
    Map.Entry<Double, Long> bucket = upTo.floorEntry(bound);
    return bucket == null ? 0 : bucket.getValue();
  }
}
