package dev.tandem.e2e.drill;

import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether clusters are fit for a drill: what is broken already cannot show what a fault does. */
final class Health {
  private static final List<String> NAMESPACES =
      List.of(LiveCluster.NAMESPACE, LiveCluster.MESH_NAMESPACE, "kube-system");

  private Health() {}

  /** Waits for clusters to get well, as they do after a drill. */
  static void await(Clusters clusters, Duration limit) {
    Await.until(
        "all clusters to be healthy",
        limit,
        () -> {
          List<String> problems = problems(clusters);
          return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
        });
  }

  /** Everything that is not as it should be. */
  static List<String> problems(Clusters clusters) {
    List<String> problems = new ArrayList<>();
    for (LiveCluster cluster : clusters.all()) {
      try {
        workloads(cluster, problems);
        if (cluster.isPrimary()) {
          controlPlane(clusters, cluster, problems);
        }
      } catch (RuntimeException | AssertionError e) {
        problems.add("%s does not say how it is: %s".formatted(cluster, e.getMessage()));
      }
    }
    if (problems.isEmpty()) {
      clusters.all().forEach(cluster -> calls(cluster, problems));
    }
    return problems;
  }

  private static void workloads(LiveCluster cluster, List<String> problems) {
    for (String namespace : NAMESPACES) {
      cluster
          .kubernetes()
          .apps()
          .deployments()
          .inNamespace(namespace)
          .list()
          .getItems()
          .forEach(
              found ->
                  new Part(cluster, namespace, found.getMetadata().getName())
                      .problem()
                      .ifPresent(problems::add));
    }
  }

  private static void controlPlane(Clusters clusters, LiveCluster cluster, List<String> problems) {
    String table = cluster.istioctl().run("remote-clusters").orFail();
    for (LiveCluster other : clusters.all()) {
      boolean synced =
          table
              .lines()
              .map(line -> List.of(line.trim().split("\\s+")))
              .anyMatch(row -> row.getFirst().equals(other.name()) && row.contains("synced"));
      if (!synced) {
        problems.add("istiod of %s is not in sync with %s".formatted(cluster, other));
      }
    }
  }

  private static void calls(LiveCluster cluster, List<String> problems) {
    Ledger ledger = cluster.caller().run(Work.getUser("ada"), LoadShape.of(60, 60));
    if (ledger.failed().size() > 0) {
      problems.add(
          "%s: %d of %d calls failed: %s"
              .formatted(
                  ledger.what(),
                  ledger.failed().size(),
                  ledger.size(),
                  ledger.failed().byStatus()));
    }
  }
}
