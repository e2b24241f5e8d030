package dev.tandem.e2e.report;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Calls by the second in which they were meant to start: how many each cluster answered, how many
 * failed.
 *
 * @param title what is shown
 * @param seconds the counts of each second, by series
 * @param series the series: the clusters, then {@link #FAILED}
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

  /** The calls of a ledger. */
  public static Timeline of(String title, Ledger ledger, List<String> clusters, List<Mark> marks) {
    List<Map<String, Long>> seconds = new ArrayList<>();
    TreeSet<String> others = new TreeSet<>();
    for (Call call : ledger.calls()) {
      int second = (int) call.start().toSeconds();
      while (seconds.size() <= second) {
        seconds.add(new LinkedHashMap<>());
      }
      String key = call.ok() ? call.cluster() : FAILED;
      seconds.get(second).merge(key, 1L, Long::sum);
      if (!clusters.contains(key) && !key.equals(FAILED)) {
        others.add(key);
      }
    }
    List<String> series = new ArrayList<>(clusters);
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
