package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.tool.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checkout's {@code tandem}, as people run it. */
final class TandemCommand {
  /** The checkout. */
  static final Path ROOT =
      Path.of(System.getProperty("tandem.root", "..")).toAbsolutePath().normalize();

  /** What a deployment of user is told when it is to serve a version of the contract at most. */
  static final String NEWEST_VERSION = "TANDEM_USER_NEWEST_VERSION";

  private static final List<String> MIGRATION =
      List.of("user", "--from=tandem.user.v1", "--to=tandem.user.v2");

  private TandemCommand() {}

  /** {@code tandem migrate run user} with options besides. */
  static Tool.Output run(String... options) {
    return migrate("run", options);
  }

  /** {@code tandem migrate plan|run user} with options besides, and its outcome as JSON. */
  static Tool.Output migrate(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of("migrate", command));
    arguments.addAll(MIGRATION);
    arguments.addAll(Arrays.asList(options));
    return tandem(arguments);
  }

  /** {@code tandem migrate undo|rollback|finish user}. */
  static Tool.Output step(String command) {
    return tandem(List.of("migrate", command, "user"));
  }

  /** {@code tandem} with these arguments and no others. */
  static Tool.Output plain(String... arguments) {
    return new Tool(List.of(ROOT.resolve("scripts/tandem").toString())).run(arguments);
  }

  /** {@code tandem} on the checkout's clusters, its outcome as JSON. */
  static Tool.Output tandem(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.add("--file=" + Clusters.topologyFile(ROOT, System.getenv()));
    all.add("--output=json");
    if (all.contains("run") || all.contains("plan")) {
      all.add("--contracts=" + ROOT.resolve("proto"));
    }
    return plain(all.toArray(String[]::new));
  }

  /** The outcome's texts; what the command said besides is in the failure. */
  static Map<String, String> outcome(Tool.Output output) {
    assertThat(output.out()).as(output.all()).startsWith("{");
    JsonObject json = JsonParser.parseString(output.out()).getAsJsonObject();
    Map<String, String> texts = new LinkedHashMap<>();
    json.entrySet()
        .forEach(
            entry ->
                texts.put(
                    entry.getKey(),
                    entry.getValue().isJsonPrimitive()
                        ? entry.getValue().getAsString()
                        : entry.getValue().toString()));
    return texts;
  }
}
