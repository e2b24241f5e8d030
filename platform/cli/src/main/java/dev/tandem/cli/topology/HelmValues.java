package dev.tandem.cli.topology;

import dev.tandem.topology.AddressRange;
import dev.tandem.topology.Cluster;
import dev.tandem.topology.ControlPlane;
import dev.tandem.topology.Provider;
import dev.tandem.topology.Topology;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** The values that every chart takes from the topology. */
final class HelmValues {

  private HelmValues() {}

  static String render(Topology topology, Cluster cluster) {
    return """
        cluster:
          name: "%s"
          region: "%s"
          zone: "%s"
          network: "%s"
        mesh:
          id: "%s"
          trustDomain: "%s"
          # Where the other clusters' gateways are; empty when there is no other cluster.
          remoteGatewayCIDR: "%s"
          # local: istiod runs in this cluster; remote: another cluster's serves it.
          controlPlane: %s
          # The other clusters, the nearest first.
          others: %s
          # The remote clusters that this one's istiod serves, each with the others as it sees them.
          remotes: %s
        database:
          local: %b
        telemetry:
          # This cluster sees the spans and metrics of all.
          local: %b
        """
        .formatted(
            cluster.name(),
            cluster.region(),
            cluster.zone(),
            cluster.network(),
            topology.mesh().id(),
            topology.mesh().trustDomain(),
            remoteGateways(topology, cluster).map(AddressRange::toString).orElse(""),
            switch (cluster.controlPlane()) {
              case ControlPlane.Primary() -> "local";
              case ControlPlane.Remote _ -> "remote";
            },
            others(topology, cluster),
            remotes(topology, cluster),
            topology.databaseCluster().equals(cluster.name()),
            topology.telemetryCluster().equals(cluster.name()));
  }

  /**
   * Those in the same zone first, then those in the same region, then the rest, each in the order
   * in which the topology lists them.
   */
  private static String others(Topology topology, Cluster cluster) {
    return topology.clusters().stream()
        .filter(other -> !other.name().equals(cluster.name()))
        .sorted(Comparator.comparingInt(other -> distance(cluster, other)))
        .map(
            other ->
                "{name: \"%s\", region: \"%s\", zone: \"%s\"}"
                    .formatted(other.name(), other.region(), other.zone()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** An istiod reads rules from its own cluster only: they have to name where each proxy is. */
  private static String remotes(Topology topology, Cluster cluster) {
    return topology.remotesOf(cluster).stream()
        .map(
            remote ->
                "{name: \"%s\", region: \"%s\", zone: \"%s\", others: %s}"
                    .formatted(
                        remote.name(), remote.region(), remote.zone(), others(topology, remote)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static int distance(Cluster one, Cluster other) {
    if (!one.region().equals(other.region())) {
      return 2;
    }
    return one.zone().equals(other.zone()) ? 0 : 1;
  }

  /** The smallest range that holds the gateways of all the others. */
  private static Optional<AddressRange> remoteGateways(Topology topology, Cluster cluster) {
    return topology.clusters().stream()
        .filter(other -> !other.name().equals(cluster.name()))
        .map(other -> gateways(topology, other))
        .reduce(AddressRange::union);
  }

  /** Nodes of kind's clusters reach each other by their own addresses too: the whole subnet. */
  private static AddressRange gateways(Topology topology, Cluster cluster) {
    return switch (cluster.provider()) {
      case Provider.Kind _ -> topology.docker().subnet();
      case Provider.Existing _ -> cluster.loadBalancers();
    };
  }
}
