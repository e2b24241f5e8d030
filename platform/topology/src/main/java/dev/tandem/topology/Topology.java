package dev.tandem.topology;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The clusters, and what joins them. {@link TopologyFile} reads one and says what is wrong with a
 * faulty one; this record only refuses to be inconsistent.
 *
 * @param databaseCluster the name of the cluster that runs the database
 * @param telemetryCluster the name of the cluster that sees the spans and metrics of all
 */
public record Topology(
    Mesh mesh,
    DockerNetwork docker,
    String databaseCluster,
    String telemetryCluster,
    List<Cluster> clusters) {

  public static final String API_VERSION = "tandem.dev/v1";

  /**
   * Joins the parts.
   *
   * @throws IllegalArgumentException when the parts contradict each other
   */
  public Topology {
    clusters = List.copyOf(clusters);
    requireUnique("name", clusters, Cluster::name);
    requireUnique("network", clusters, Cluster::network);
    requireUnique("context", clusters, Cluster::context);
    requireUnique("index", clusters, Cluster::index);
    for (String named : List.of(databaseCluster, telemetryCluster)) {
      if (find(clusters, named).isEmpty()) {
        throw new IllegalArgumentException("no cluster is named " + named);
      }
    }
    for (Cluster cluster : clusters) {
      if (!isPrimary(clusters, cluster.primary())) {
        throw new IllegalArgumentException(cluster.primary() + " is not a primary cluster");
      }
    }
  }

  public Optional<Cluster> cluster(String name) {
    return find(clusters, name);
  }

  /** The clusters without an istiod of their own that this one's serves, in the file's order. */
  public List<Cluster> remotesOf(Cluster primary) {
    return clusters.stream()
        .filter(
            cluster ->
                cluster.controlPlane() instanceof ControlPlane.Remote(String name)
                    && name.equals(primary.name()))
        .toList();
  }

  private static Optional<Cluster> find(List<Cluster> clusters, String name) {
    return clusters.stream().filter(cluster -> cluster.name().equals(name)).findFirst();
  }

  private static boolean isPrimary(List<Cluster> clusters, String name) {
    return find(clusters, name)
        .filter(cluster -> cluster.controlPlane() instanceof ControlPlane.Primary)
        .isPresent();
  }

  private static void requireUnique(
      String what, List<Cluster> clusters, Function<Cluster, Object> property) {
    Set<Object> seen = new HashSet<>();
    for (Cluster cluster : clusters) {
      if (!seen.add(property.apply(cluster))) {
        throw new IllegalArgumentException(
            "two clusters have the %s %s".formatted(what, property.apply(cluster)));
      }
    }
  }
}
