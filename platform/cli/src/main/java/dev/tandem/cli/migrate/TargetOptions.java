package dev.tandem.cli.migrate;

import dev.tandem.topology.Cluster;
import dev.tandem.topology.Diagnostic;
import dev.tandem.topology.Topology;
import dev.tandem.topology.TopologyFile;
import dev.tandem.topology.TopologyReading;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which clusters, and how to talk about them. */
final class TargetOptions {

  private static final int CONNECT_LIMIT_MILLIS = 5_000;
  private static final int REQUEST_LIMIT_MILLIS = 5_000;

  enum Output {
    TEXT,
    JSON
  }

  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Lines for people, or JSON for scripts; text unless told otherwise.")
  private Output output = Output.TEXT;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      defaultValue = "${env:TANDEM_TOPOLOGY:-clusters/topology.yaml}",
      description = "The topology; $$TANDEM_TOPOLOGY unless told otherwise.")
  private Path file = Path.of("clusters/topology.yaml");

  Output output() {
    return output;
  }

  /**
   * All clusters of the topology, through the kubeconfig that kubectl would take.
   *
   * @throws IllegalArgumentException when the topology is malformed
   */
  List<KubernetesCluster> clusters(Clock clock) {
    Topology topology =
        switch (TopologyFile.read(file)) {
          case TopologyReading.Valid(Topology valid) -> valid;
          case TopologyReading.Invalid(List<Diagnostic> diagnostics) ->
              throw new IllegalArgumentException(
                  diagnostics.stream()
                      .map(Diagnostic::toString)
                      .collect(Collectors.joining(System.lineSeparator())));
        };
    return topology.clusters().stream().map(cluster -> open(cluster, clock)).toList();
  }

  private static KubernetesCluster open(Cluster cluster, Clock clock) {
    Config config = Config.autoConfigure(cluster.context());
    if (config.getCurrentContext() == null
        || !cluster.context().equals(config.getCurrentContext().getName())) {
      throw new IllegalArgumentException(
          "the kubeconfig has no context %s: make up, or set KUBECONFIG"
              .formatted(cluster.context()));
    }
    config =
        new ConfigBuilder(config)
            .withConnectionTimeout(CONNECT_LIMIT_MILLIS)
            .withRequestTimeout(REQUEST_LIMIT_MILLIS)
            .withRequestRetryBackoffLimit(1)
            .build();
    return new KubernetesCluster(
        cluster.name(), new KubernetesClientBuilder().withConfig(config).build(), clock);
  }

  /** Who holds a lease, so that others know whom to ask. */
  static String owner() {
    return "%s@%s/%d"
        .formatted(System.getProperty("user.name"), hostName(), ProcessHandle.current().pid());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  static Migrator migrator(
      List<? extends MigratedCluster> clusters, Gate gate, Clock clock, Witness witness) {
    return new Migrator(List.copyOf(clusters), gate, clock, Thread::sleep, witness);
  }
}
