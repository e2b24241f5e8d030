package dev.tandem.e2e.cluster;

import dev.tandem.e2e.tool.Tool;
import dev.tandem.topology.Diagnostic;
import dev.tandem.topology.Topology;
import dev.tandem.topology.TopologyFile;
import dev.tandem.topology.TopologyReading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The clusters of the topology, all of them up. */
public final class Clusters implements AutoCloseable {
  private final Topology topology;
  private final List<LiveCluster> all;

  private Clusters(Topology topology, List<LiveCluster> all) {
    this.topology = topology;
    this.all = List.copyOf(all);
  }

  /** The checkout's topology, or TANDEM_TOPOLOGY. */
  public static Path topologyFile(Path root, Map<String, String> environment) {
    return Path.of(
        environment.getOrDefault(
            "TANDEM_TOPOLOGY", root.resolve("clusters/topology.yaml").toString()));
  }

  /**
   * Opens the clusters of the checkout's topology (or of TANDEM_TOPOLOGY), through the kubeconfig
   * that kubectl would take.
   *
   * @throws ClustersDownException when one of them is not up
   */
  public static Clusters open(Path root, Map<String, String> environment) {
    Topology topology =
        switch (TopologyFile.read(topologyFile(root, environment))) {
          case TopologyReading.Valid(Topology valid) -> valid;
          case TopologyReading.Invalid(List<Diagnostic> diagnostics) ->
              throw new IllegalArgumentException(
                  diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
        };
    List<String> contexts =
        Tool.named(root, "kubectl")
            .run("config", "get-contexts", "--output=name")
            .orFail()
            .lines()
            .toList();
    List<LiveCluster> open = new ArrayList<>();
    for (var cluster : topology.clusters()) {
      if (!contexts.contains(cluster.context())) {
        throw new ClustersDownException(
            "cluster %s is not up: the kubeconfig has no context %s (it has %s)"
                .formatted(
                    cluster.name(), cluster.context(), contexts.isEmpty() ? "none" : contexts));
      }
      open.add(LiveCluster.open(root, cluster));
    }
    return new Clusters(topology, open);
  }

  /** What the clusters are meant to be. */
  public Topology topology() {
    return topology;
  }

  /** All clusters, in the topology's order. */
  public List<LiveCluster> all() {
    return all;
  }

  /** Their names, in the topology's order. */
  public List<String> names() {
    return all.stream().map(LiveCluster::name).toList();
  }

  /**
   * What the database answers to a query: a line for each row, without headings.
   *
   * @throws AssertionError when it does not answer
   */
  public String askDatabase(String query) {
    return database()
        .kubectl()
        .run(
            "--namespace=tandem",
            "exec",
            "statefulset/postgres",
            "--container=postgres",
            "--",
            "psql",
            "--username=tandem",
            "--dbname=tandem",
            "--tuples-only",
            "--no-align",
            "--command=" + query)
        .orFail();
  }

  /** The cluster that runs the database. */
  public LiveCluster database() {
    return named(topology.databaseCluster());
  }

  /** The cluster that sees the spans and metrics of all. */
  public LiveCluster telemetry() {
    return named(topology.telemetryCluster());
  }

  /** The cluster whose istiod serves one: itself, unless it is a remote. */
  public LiveCluster primaryOf(LiveCluster one) {
    return named(one.entry().primary());
  }

  private LiveCluster named(String name) {
    return all.stream().filter(cluster -> cluster.name().equals(name)).findFirst().orElseThrow();
  }

  /** All but one. */
  public List<LiveCluster> without(LiveCluster one) {
    return all.stream().filter(cluster -> !cluster.equals(one)).toList();
  }

  @Override
  public void close() {
    all.forEach(LiveCluster::close);
  }
}
