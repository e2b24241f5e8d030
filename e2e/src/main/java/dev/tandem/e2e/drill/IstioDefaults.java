package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;

/** Takes away what the charts tell the mesh about our services, and gives it back. */
final class IstioDefaults {
  /** In this order: what changes another one's outcome goes first, and comes back last. */
  private enum Policy {
    ENVOY_FILTER("networking.istio.io/v1alpha3", "EnvoyFilter"),
    DESTINATION_RULE("networking.istio.io/v1", "DestinationRule"),
    VIRTUAL_SERVICE("networking.istio.io/v1", "VirtualService");

    private final String apiVersion;
    private final String kind;

    Policy(String apiVersion, String kind) {
      this.apiVersion = apiVersion;
      this.kind = kind;
    }
  }

  /**
   * Under whose name Helm applies: what comes back under another one would keep fields that the
   * chart drops later, since Helm removes its own only.
   */
  private static final String HELM = "helm";

  private static final List<String> SERVICES = List.of("user", "payment");

  private IstioDefaults() {}

  /** Leaves Istio to its defaults in every cluster until {@code undo} runs. */
  static void apply(Clusters clusters, Undo undo) {
    for (LiveCluster cluster : clusters.all()) {
      for (Policy policy : Policy.values()) {
        for (String service : SERVICES) {
          takeAway(cluster, policy, service, undo);
        }
      }
    }
  }

  private static void takeAway(LiveCluster cluster, Policy policy, String service, Undo undo) {
    var policies =
        cluster
            .kubernetes()
            .genericKubernetesResources(policy.apiVersion, policy.kind)
            .inNamespace(LiveCluster.NAMESPACE);
    GenericKubernetesResource found = policies.withName(service).get();
    if (found == null) {
      throw new AssertionError(
          "%s %s in %s does not exist: make up deploys it"
              .formatted(policy.kind, service, cluster));
    }
    GenericKubernetesResource kept = found;
    kept.getMetadata().setResourceVersion(null);
    kept.getMetadata().setUid(null);
    kept.getMetadata().setCreationTimestamp(null);
    kept.getMetadata().setGeneration(null);
    kept.getMetadata().setManagedFields(List.of());
    undo.add(
        "give %s %s back to %s".formatted(policy.kind, service, cluster),
        () -> {
          if (policies.withName(service).get() == null) {
            policies.resource(kept).fieldManager(HELM).serverSideApply();
          }
        });
    policies.withName(service).delete();
  }
}
