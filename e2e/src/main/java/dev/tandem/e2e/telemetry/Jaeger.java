package dev.tandem.e2e.telemetry;

import com.google.gson.JsonElement;
import dev.tandem.e2e.cluster.Clusters;
import java.util.Map;
import java.util.Optional;

/** The Jaeger that keeps the traces of all clusters, by its HTTP API, version 3. */
public final class Jaeger implements AutoCloseable {
  private static final int PORT = 16686;

  private final Endpoint endpoint;

  private Jaeger(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** The Jaeger of the clusters. */
  public static Jaeger of(Clusters clusters) {
    return new Jaeger(Endpoint.open(clusters.telemetry(), "jaeger", PORT));
  }

  /**
   * What is known of a trace by now; nothing when it is not.
   *
   * @param id in hexadecimal digits
   */
  public Optional<Trace> trace(String id) {
    return endpoint
        .find("/api/v3/traces/" + id, Map.of())
        .map(JsonElement::getAsJsonObject)
        .map(Trace::read);
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
