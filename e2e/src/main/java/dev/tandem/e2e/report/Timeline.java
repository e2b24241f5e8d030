package dev.tandem.e2e.report;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Calls by the second in which they were meant to start: how many each answerer had (a cluster, or
 * a deployment in one), how many failed.
 *
 * @param title what is shown
 * @param seconds the counts of each second, by series
 * @param series the series: who answered, then {@link #FAILED}
 * @param marks what happened when
 */
public record Timeline(
    String title, List<Map<String, Long>> seconds, List<String> series, List<Mark> marks) {
  /** The series of calls that did not succeed. */
  public static final String FAILED = "failed";

  public Timeline {
    seconds = List.copyOf(seconds);
    series = List.copyOf(series);
    marks = List.copyOf(marks);
  }

  /**
   * Something that happened.
   *
   * @param at from the start of the load
   */
  public record Mark(Duration at, String what) {}

  /** The calls of a ledger, by the cluster that answered. */
  public static Timeline of(String title, Ledger ledger, List<String> clusters, List<Mark> marks) {
    return by(Call::cluster, title, ledger, clusters, marks);
  }

  /**
   * The calls of a ledger.
   *
   * @param answerer which series a call that succeeded belongs to
   * @param expected the series that come first; others follow as they are found
   */
  public static Timeline by(
      Function<Call, String> answerer,
      String title,
      Ledger ledger,
      List<String> expected,
      List<Mark> marks) {
    List<Map<String, Long>> seconds = new ArrayList<>();
    TreeSet<String> others = new TreeSet<>();
    for (Call call : ledger.calls()) {
      int second = (int) call.start().toSeconds();
      while (seconds.size() <= second) {
        seconds.add(new LinkedHashMap<>());
      }
      String key = call.ok() ? answerer.apply(call) : FAILED;
      seconds.get(second).merge(key, 1L, Long::sum);
      if (!expected.contains(key) && !key.equals(FAILED)) {
        others.add(key);
      }
    }
    List<String> series = new ArrayList<>(expected);
    series.addAll(others);
    series.add(FAILED);
    return new Timeline(title, seconds, series, marks);
  }

  /** The most calls in a second. */
  long highest() {
    return seconds.stream()
        .mapToLong(second -> second.values().stream().mapToLong(Long::longValue).sum())
        .max()
        .orElse(0);
  }
}
