package dev.tandem.e2e.call;

import io.grpc.Status;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Calls and what became of each.
 *
 * @param what what was called and from where, such as "GetUser from shanghai"
 * @param calls the calls in the order in which they ended
 */
public record Ledger(String what, List<Call> calls) {
  private static final int SHOWN_FAILURES = 8;

  public Ledger {
    calls = List.copyOf(calls);
  }

  /** The calls that were meant to start at or after an instant of the load. */
  public Ledger startedSince(Duration instant) {
    return where(call -> call.start().compareTo(instant) >= 0);
  }

  /** The calls that were meant to start before an instant of the load. */
  public Ledger startedBefore(Duration instant) {
    return where(call -> call.start().compareTo(instant) < 0);
  }

  /** The calls that a cluster answered. */
  public Ledger servedBy(String cluster) {
    return where(call -> call.cluster().equals(cluster));
  }

  /** The calls that failed. */
  public Ledger failed() {
    return where(call -> !call.ok());
  }

  private Ledger where(Predicate<Call> predicate) {
    return new Ledger(what, calls.stream().filter(predicate).toList());
  }

  /** How many calls there are. */
  public int size() {
    return calls.size();
  }

  /** How many calls each cluster answered; "nobody" for calls that no service answered. */
  public Map<String, Long> byCluster() {
    return count(call -> call.cluster().isEmpty() ? "nobody" : call.cluster());
  }

  /** How many calls ended with each status. */
  public Map<Status.Code, Long> byStatus() {
    return count(Call::status);
  }

  private <K> Map<K, Long> count(Function<Call, K> key) {
    return calls.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.counting()));
  }

  /**
   * The latency that a share of the calls did not exceed (nearest rank).
   *
   * @param share above 0, at most 1
   */
  public Duration latency(double share) {
    if (calls.isEmpty()) {
      throw new IllegalStateException("no calls, no latency: " + what);
    }
    List<Duration> sorted = calls.stream().map(Call::latency).sorted().toList();
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
  }

  /** Fails with the statuses and the first failed calls when not every call succeeded. */
  public void assertAllOk(String circumstance) {
    Ledger failed = failed();
    if (failed.size() > 0) {
      throw new AssertionError(
          "%s, %s: %d of %d calls failed: %s%nby cluster: %s%n%s"
              .formatted(
                  what,
                  circumstance,
                  failed.size(),
                  size(),
                  failed.byStatus(),
                  byCluster(),
                  failed.calls.stream()
                      .sorted(Comparator.comparing(Call::start))
                      .limit(SHOWN_FAILURES)
                      .map(call -> "  " + call.describe())
                      .collect(Collectors.joining("\n"))));
    }
  }

  /**
   * Figures in one phrase: "500 calls (251 by beijing, 249 by shanghai), 0 failed, p50 3.1 ms, p99
   * 12.4 ms".
   */
  public String figures() {
    if (calls.isEmpty()) {
      return "no calls";
    }
    return "%s calls (%s), %s failed, p50 %s, p99 %s, slowest %s"
        .formatted(
            number(size()),
            byCluster().entrySet().stream()
                .map(entry -> number(entry.getValue()) + " by " + entry.getKey())
                .collect(Collectors.joining(", ")),
            number(failed().size()),
            millis(latency(0.5)),
            millis(latency(0.99)),
            millis(latency(1)));
  }

  /** The last calls, for people who wonder why something did not happen. */
  public String lastCalls() {
    return calls.subList(Math.max(0, calls.size() - 5), calls.size()).stream()
        .map(call -> "  " + call.describe())
        .collect(Collectors.joining("\n"));
  }

  /** A duration as people read it. */
  public static String millis(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    return millis < 100
        ? String.format(Locale.ROOT, "%.1f ms", millis)
        : millis < 10_000
            ? String.format(Locale.ROOT, "%.0f ms", millis)
            : String.format(Locale.ROOT, "%.1f s", millis / 1000);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
