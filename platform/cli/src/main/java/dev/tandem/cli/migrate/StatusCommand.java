package dev.tandem.cli.migrate;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tandem status}: the migrations under way, by cluster. */
@Command(
    name = "status",
    description = "Shows which services are being migrated, and how far each cluster is.",
    footer = {"  tandem status", "  tandem status --output json"})
public final class StatusCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private TargetOptions target = new TargetOptions();

  /** One service in one cluster. */
  private record Row(
      String service,
      String cluster,
      String from,
      String to,
      String phase,
      int weight,
      String note) {}

  @Override
  public Integer call() {
    Telling telling = new MigrationTask(spec, target).telling();
    List<KubernetesCluster> clusters;
    try {
      clusters = target.clusters(Clock.systemUTC());
    } catch (IllegalArgumentException e) {
      return telling.refuse(String.valueOf(e.getMessage()));
    }
    List<Row> rows = new ArrayList<>();
    try {
      for (KubernetesCluster cluster : clusters) {
        rows.addAll(rows(cluster));
      }
    } finally {
      clusters.forEach(KubernetesCluster::close);
    }
    switch (target.output()) {
      case JSON -> spec.commandLine().getOut().println(json(rows));
      case TEXT -> print(rows);
    }
    spec.commandLine().getOut().flush();
    return rows.stream().allMatch(row -> row.note().isEmpty()) ? 0 : Telling.EXIT_ROLLED_BACK;
  }

  private static List<Row> rows(KubernetesCluster cluster) {
    List<Row> rows = new ArrayList<>();
    try {
      for (String service : cluster.migrations()) {
        Optional<Progress> found = cluster.progress(service);
        if (found.isEmpty()) {
          continue;
        }
        Progress progress = found.get();
        Migration migration = progress.migration();
        List<String> notes = new ArrayList<>();
        progress.intent().ifPresent(intent -> notes.add("on the way to " + intent.key()));
        if (!progress.judged()) {
          notes.add("not judged yet");
        }
        if (progress.intent().isEmpty()) {
          notes.addAll(cluster.drift(migration, progress.phase().shape()));
        }
        rows.add(
            new Row(
                service,
                cluster.name(),
                migration.fromPackage(),
                migration.toPackage(),
                progress.phase().key(),
                progress.phase().shape().weight(),
                String.join(", ", notes)));
      }
    } catch (ClusterException e) {
      rows.add(
          new Row("-", cluster.name(), "-", "-", "unknown", 0, String.valueOf(e.getMessage())));
    }
    return rows;
  }

  private void print(List<Row> rows) {
    if (rows.isEmpty()) {
      spec.commandLine().getOut().println("no migration is under way");
      return;
    }
    String line = "%-10s %-12s %-18s %-18s %-12s %6s  %s%n";
    spec.commandLine()
        .getOut()
        .printf(line, "SERVICE", "CLUSTER", "FROM", "TO", "PHASE", "SHARE", "NOTE");
    for (Row row : rows) {
      spec.commandLine()
          .getOut()
          .printf(
              line,
              row.service(),
              row.cluster(),
              row.from(),
              row.to(),
              row.phase(),
              row.weight() + " %",
              row.note());
    }
  }

  private static String json(List<Row> rows) {
    List<Map<String, Object>> migrations = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("service", row.service());
      json.put("cluster", row.cluster());
      json.put("from", row.from());
      json.put("to", row.to());
      json.put("phase", row.phase());
      json.put("weight", row.weight());
      json.put("note", row.note());
      migrations.add(json);
    }
    return Serialization.asJson(Map.of("migrations", migrations));
  }
}
