package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.drill.Paths.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where drills take place: all clusters, one of which is the victim. It is the last one that does
 * not run the database: there is one database, and what its loss means is DatabaseOutageTest's
 * subject.
 */
public record Scene(java.nio.file.Path root, Clusters clusters, LiveCluster victim) {
  /** The scene that the clusters make. */
  public static Scene of(java.nio.file.Path root, Clusters clusters) {
    List<LiveCluster> candidates = clusters.without(clusters.database());
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException(
          "a drill takes a cluster away, and the topology has only one");
    }
    return new Scene(root, clusters, candidates.getLast());
  }

  /** The clusters that live on when the victim is lost. */
  public List<LiveCluster> survivors() {
    return clusters.without(victim);
  }

  /** The cluster whose istiod serves the victim. */
  LiveCluster primary() {
    return clusters.primaryOf(victim);
  }

  /**
   * A cluster that lives on and whose istiod watches the victim.
   *
   * @throws AssertionError when the victim's is the only one
   */
  LiveCluster watcher() {
    return survivors().stream()
        .filter(LiveCluster::isPrimary)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no cluster but %s has an istiod".formatted(victim)));
  }

  Node node(LiveCluster cluster) {
    return Node.of(root, clusters.topology(), cluster);
  }

  /** The victim stands still: nothing in it answers, nothing refuses. */
  public Fault frozenVictim() {
    return new NodeFrozen(node(victim));
  }

  /** The ways from each of the clusters to the victim. */
  Set<Path> toVictim(List<LiveCluster> from) {
    return from.stream()
        .map(cluster -> new Path(cluster.name(), victim.name()))
        .collect(Collectors.toSet());
  }

  /** The ways between the victim and the others, in both directions. */
  Set<Path> acrossToVictim() {
    return survivors().stream()
        .flatMap(
            other ->
                java.util.stream.Stream.of(
                    new Path(other.name(), victim.name()), new Path(victim.name(), other.name())))
        .collect(Collectors.toSet());
  }
}
