package dev.tandem.e2e;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One question of a panel of the chart's dashboards.
 *
 * @param title the dashboard's and the panel's
 * @param query in PromQL, for all clusters and workloads
 */
record Panel(String title, String query) {
  private static final Path DASHBOARDS =
      TandemCommand.ROOT.resolve("helm-charts/observability/files/dashboards");

  /** All of them. */
  static List<Panel> all() {
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      List<Panel> panels = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        panels.addAll(of(JsonParser.parseString(Files.readString(file)).getAsJsonObject()));
      }
      return panels;
    } catch (IOException e) {
      throw new UncheckedIOException("the dashboards cannot be read", e);
    }
  }

  private static List<Panel> of(JsonObject dashboard) {
    List<Panel> panels = new ArrayList<>();
    for (JsonElement each : dashboard.getAsJsonArray("panels")) {
      JsonObject panel = each.getAsJsonObject();
      for (JsonElement target : panel.getAsJsonArray("targets")) {
        panels.add(
            new Panel(
                "%s, %s".formatted(text(dashboard, "title"), text(panel, "title")),
                query(text(target.getAsJsonObject(), "expr"))));
      }
    }
    return panels;
  }

  /** As Grafana fills in its variables. */
  private static String query(String expression) {
    return expression
        .replace("$__rate_interval", "2m")
        .replace("$cluster", ".*")
        .replace("$workload", ".*");
  }

  private static String text(JsonObject object, String member) {
    return object.get(member).getAsString();
  }
}
