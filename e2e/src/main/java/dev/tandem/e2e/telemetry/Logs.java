package dev.tandem.e2e.telemetry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tandem.e2e.cluster.Clusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The log service, which has the lines of all clusters. */
public final class Logs implements AutoCloseable {
  private static final int PORT = 8080;

  private final Endpoint endpoint;

  private Logs(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * A line.
   *
   * @param span of which it is, or empty
   */
  public record Line(
      String time, String service, String cluster, String pod, String span, String message) {}

  /** The log service of the clusters. */
  public static Logs of(Clusters clusters) {
    return new Logs(Endpoint.open(clusters.telemetry(), "logs", PORT));
  }

  /**
   * The lines of a trace that are known by now.
   *
   * @param id in hexadecimal digits
   */
  public List<Line> ofTrace(String id) {
    return lines(Map.of("trace_id", id, "limit", "1000"));
  }

  /** The newest lines that match. */
  public List<Line> lines(Map<String, String> parameters) {
    List<Line> lines = new ArrayList<>();
    for (JsonElement each :
        endpoint.get("/logs", parameters).getAsJsonObject().getAsJsonArray("lines")) {
      JsonObject line = each.getAsJsonObject();
      lines.add(
          new Line(
              text(line, "time"),
              text(line, "service"),
              text(line, "cluster"),
              text(line, "pod"),
              text(line, "span_id"),
              text(line, "message")));
    }
    return lines;
  }

  private static String text(JsonObject line, String member) {
    return line.get(member).getAsString();
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
