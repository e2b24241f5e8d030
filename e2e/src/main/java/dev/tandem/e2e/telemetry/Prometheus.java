package dev.tandem.e2e.telemetry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tandem.e2e.cluster.LiveCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Prometheus of a cluster, by its <a
 * href="https://prometheus.io/docs/prometheus/latest/querying/api/">HTTP API</a>.
 */
public final class Prometheus implements AutoCloseable {
  private static final int PORT = 9090;

  private final Endpoint endpoint;

  private Prometheus(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** One value of a series. */
  public record Sample(Map<String, String> labels, double value) {

    /** A label's value; empty when there is no such label. */
    public String label(String name) {
      return labels.getOrDefault(name, "");
    }
  }

  /** The Prometheus in a cluster. */
  public static Prometheus of(LiveCluster cluster) {
    return new Prometheus(Endpoint.open(cluster, "prometheus", PORT));
  }

  /** What a query gives now. */
  public List<Sample> query(String query) {
    JsonObject answer = endpoint.get("/api/v1/query", Map.of("query", query)).getAsJsonObject();
    List<Sample> samples = new ArrayList<>();
    for (JsonElement each : answer.getAsJsonObject("data").getAsJsonArray("result")) {
      JsonObject series = each.getAsJsonObject();
      samples.add(
          new Sample(
              labels(series.getAsJsonObject("metric")),
              Double.parseDouble(series.getAsJsonArray("value").get(1).getAsString())));
    }
    return samples;
  }

  /** The traces that a query's series have left as exemplars of late. */
  public List<String> exemplarTraces(String query, Duration past) {
    Instant now = Instant.now();
    JsonObject answer =
        endpoint
            .get(
                "/api/v1/query_exemplars",
                Map.of("query", query, "start", now.minus(past).toString(), "end", now.toString()))
            .getAsJsonObject();
    List<String> traces = new ArrayList<>();
    for (JsonElement series : answer.getAsJsonArray("data")) {
      for (JsonElement exemplar : series.getAsJsonObject().getAsJsonArray("exemplars")) {
        traces.add(
            labels(exemplar.getAsJsonObject().getAsJsonObject("labels"))
                .getOrDefault("trace_id", ""));
      }
    }
    return traces;
  }

  private static Map<String, String> labels(JsonObject labels) {
    Map<String, String> read = new TreeMap<>();
    labels.entrySet().forEach(each -> read.put(each.getKey(), each.getValue().getAsString()));
    return read;
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
