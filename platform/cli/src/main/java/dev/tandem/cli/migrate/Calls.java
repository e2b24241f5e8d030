package dev.tandem.cli.migrate;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The calls of one deployment, as its callers' proxies saw them.
 *
 * @param byStatus finished calls by the number of their gRPC status. Over HTTP all of them are 200
 * @param retries tries that failed and were made again: a proxy hides them from its caller, not
 *     from us
 * @param latency of all tries
 */
record Calls(Map<Integer, Long> byStatus, long retries, Histogram latency) {

  static final Calls NONE = new Calls(Map.of(), 0, Histogram.EMPTY);

  /**
   * Statuses that the service is to blame for. The others answer a caller's mistake (3
   * INVALID_ARGUMENT, 5 NOT_FOUND, …) or its impatience (1 CANCELLED).
   */
  private static final Set<Integer> FAILURES =
      Set.of(
          2, // UNKNOWN
          4, // DEADLINE_EXCEEDED
          8, // RESOURCE_EXHAUSTED
          12, // UNIMPLEMENTED
          13, // INTERNAL
          14, // UNAVAILABLE
          15); // DATA_LOSS

  Calls {
    byStatus = new TreeMap<>(byStatus);
  }

  long finished() {
    return byStatus.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Finished calls and hidden tries that failed. */
  long failures() {
    return retries
        + byStatus.entrySet().stream()
            .filter(status -> FAILURES.contains(status.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
  }

  /** Of all tries, 0 to 1. */
  double failureShare() {
    long tries = finished() + retries;
    return tries == 0 ? 0 : (double) failures() / tries;
  }

  double p99Millis() {
    return latency.quantile(0.99).orElse(0.0);
  }

  Calls plus(Calls other) {
    Map<Integer, Long> sum = new TreeMap<>(byStatus);
    other.byStatus.forEach((status, count) -> sum.merge(status, count, Long::sum));
    return new Calls(sum, retries + other.retries, latency.plus(other.latency));
  }

  Calls since(Calls earlier) {
    boolean startedAnew = earlier.finished() > finished() || earlier.retries > retries;
    if (startedAnew) {
      return this;
    }
    Map<Integer, Long> rest = new TreeMap<>();
    byStatus.forEach(
        (status, count) ->
            rest.put(status, Math.max(0, count - earlier.byStatus.getOrDefault(status, 0L))));
    return new Calls(rest, retries - earlier.retries, latency.since(earlier.latency));
  }

  static Calls sum(Stream<Calls> all) {
    return all.reduce(NONE, Calls::plus);
  }
}
