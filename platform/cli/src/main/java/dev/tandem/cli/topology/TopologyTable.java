package dev.tandem.cli.topology;

import dev.tandem.topology.Cluster;
import dev.tandem.topology.ControlPlane;
import dev.tandem.topology.DockerNetwork;
import dev.tandem.topology.Provider;
import dev.tandem.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The topology as a table for people. */
final class TopologyTable {

  private static final List<String> HEAD =
      List.of(
          "CLUSTER",
          "CONTEXT",
          "REGION",
          "ZONE",
          "NETWORK",
          "CONTROL PLANE",
          "PODS",
          "SERVICES",
          "LOAD BALANCERS");
  private static final String GAP = "  ";

  private TopologyTable() {}

  static String render(Topology topology) {
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    topology.clusters().forEach(cluster -> rows.add(row(cluster)));
    List<Integer> widths =
        IntStream.range(0, HEAD.size())
            .mapToObj(column -> rows.stream().mapToInt(row -> row.get(column).length()).max())
            .map(width -> width.orElse(0))
            .toList();
    String table =
        rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n", "", "\n\n"));
    DockerNetwork docker = topology.docker();
    return table
        + """
        mesh       %s, trust domain %s
        database   in %s
        telemetry  of all in %s
        docker     network %s, %s, nodes in %s, gateway %s
        """
            .formatted(
                topology.mesh().id(),
                topology.mesh().trustDomain(),
                topology.databaseCluster(),
                topology.telemetryCluster(),
                docker.name(),
                docker.subnet(),
                docker.nodeRange(),
                docker.gateway());
  }

  private static List<String> row(Cluster cluster) {
    return List.of(
        cluster.name(),
        cluster.context(),
        cluster.region(),
        cluster.zone(),
        cluster.network(),
        switch (cluster.controlPlane()) {
          case ControlPlane.Primary() -> "primary";
          case ControlPlane.Remote(String primary) -> "of " + primary;
        },
        switch (cluster.provider()) {
          case Provider.Kind kind -> kind.podSubnet().toString();
          case Provider.Existing _ -> "its own";
        },
        switch (cluster.provider()) {
          case Provider.Kind kind -> kind.serviceSubnet().toString();
          case Provider.Existing _ -> "its own";
        },
        cluster.loadBalancers().toString());
  }

  private static String line(List<String> cells, List<Integer> widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(column -> padded(cells.get(column), widths.get(column)))
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(width - cell.length());
  }
}
