package dev.tandem.e2e.telemetry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tandem.e2e.cluster.LiveCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Alertmanager of a cluster, by its HTTP API, version 2. */
public final class Alertmanager implements AutoCloseable {
  private static final int PORT = 9093;

  private final Endpoint endpoint;

  private Alertmanager(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * An alert that fires.
   *
   * @param workload empty when it is not about one
   */
  public record Alert(String name, String severity, String cluster, String workload) {
    /** Whether somebody would be woken. */
    public boolean pages() {
      return severity.equals("page");
    }
  }

  /** The Alertmanager in a cluster. */
  public static Alertmanager of(LiveCluster cluster) {
    return new Alertmanager(Endpoint.open(cluster, "alertmanager", PORT));
  }

  /** What fires now. */
  public List<Alert> firing() {
    List<Alert> alerts = new ArrayList<>();
    for (JsonElement each :
        endpoint.get("/api/v2/alerts", Map.of("active", "true")).getAsJsonArray()) {
      JsonObject labels = each.getAsJsonObject().getAsJsonObject("labels");
      alerts.add(
          new Alert(
              text(labels, "alertname"),
              text(labels, "severity"),
              text(labels, "cluster"),
              text(labels, "workload")));
    }
    return alerts;
  }

  private static String text(JsonObject labels, String name) {
    return labels.has(name) ? labels.get(name).getAsString() : "";
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
