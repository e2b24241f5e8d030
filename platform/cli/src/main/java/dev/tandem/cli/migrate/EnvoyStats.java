package dev.tandem.cli.migrate;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a caller's proxy counted of its calls to a service: Envoy's cluster statistics in
 * Prometheus' text format, one cluster for each subset. The proxies are upstream's Envoy, so there
 * is no istio_requests_total (decision 0005); {@code istio/values.yaml} lets these through.
 *
 * <ul>
 *   <li>{@code grpc_N}: calls that ended with gRPC status N, by the filter grpc_stats
 *   <li>{@code upstream_rq_retry}: tries that failed and were made again
 *   <li>{@code upstream_rq_time}: how long tries took, in milliseconds
 * </ul>
 */
final class EnvoyStats {

  private static final Pattern SAMPLE =
      Pattern.compile("envoy_cluster_(\\w+)\\{([^}]*)\\}\\s+([0-9.eE+]+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Pattern GRPC_STATUS = Pattern.compile("grpc_([0-9]{1,2})");
  private static final String BUCKET = "upstream_rq_time_bucket";
  private static final String RETRY = "upstream_rq_retry";

  private EnvoyStats() {}

  /** The names of statistics that are read, as a regular expression for Envoy's filter. */
  static String filter(String host) {
    return "^cluster\\.outbound\\|[0-9]+\\|(stable|candidate)\\|%s.*\\.(grpc\\.[0-9]+|%s|upstream_rq_time)$"
        .formatted(host.replace(".", "\\."), RETRY);
  }

  /**
   * @param text of {@code /stats/prometheus}
   * @param host such as user.tandem.svc.cluster.local
   */
  static Map<Track, Calls> read(String text, String host) {
    Map<Track, Counting> counted = new EnumMap<>(Track.class);
    Matcher sample = SAMPLE.matcher(text);
    while (sample.find()) {
      Map<String, String> labels = labels(sample.group(2));
      for (Track track : Track.values()) {
        if (isOf(labels.getOrDefault("cluster_name", ""), track, host)) {
          counted
              .computeIfAbsent(track, _ -> new Counting())
              .add(sample.group(1), labels, Math.round(Double.parseDouble(sample.group(3))));
        }
      }
    }
    Map<Track, Calls> calls = new HashMap<>();
    counted.forEach((track, counting) -> calls.put(track, counting.calls()));
    return calls;
  }

  private static boolean isOf(String cluster, Track track, String host) {
    String subset = "|%s|%s".formatted(track.label(), host);
    return cluster.startsWith("outbound|")
        && (cluster.endsWith(subset) || cluster.endsWith(subset + ";"));
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return labels;
  }

  private static final class Counting {
    private final Map<Integer, Long> byStatus = new TreeMap<>();
    private final NavigableMap<Double, Long> upTo = new TreeMap<>();
    private long retries;

    private void add(String name, Map<String, String> labels, long value) {
      Matcher status = GRPC_STATUS.matcher(name);
      if (status.matches()) {
        byStatus.merge(Integer.parseInt(status.group(1)), value, Long::sum);
      } else if (name.equals(RETRY)) {
        retries += value;
      } else if (name.equals(BUCKET)) {
        upTo.merge(bound(labels.getOrDefault("le", "+Inf")), value, Long::sum);
      }
    }

    private static double bound(String text) {
      return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    private Calls calls() {
      return new Calls(byStatus, retries, new Histogram(upTo));
    }
  }
}
