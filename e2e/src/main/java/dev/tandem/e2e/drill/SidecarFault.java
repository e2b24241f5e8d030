package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Some pods of one cluster answer late, or not always: their own sidecars hold requests back, or
 * refuse them. The service knows nothing of it. What tells the sidecars so is where their istiod
 * reads, which for a remote is its primary, and names the cluster.
 */
public final class SidecarFault implements Fault {
  private static final String NAME = "drill-sidecar-fault";
  private static final int UNAVAILABLE = 14;

  private final LiveCluster cluster;
  private final LiveCluster primary;
  private final Map<String, String> pods;
  private final Map<String, Object> fault;

  private SidecarFault(
      Clusters clusters, LiveCluster cluster, Map<String, String> pods, Map<String, Object> fault) {
    this.cluster = cluster;
    this.primary = clusters.primaryOf(cluster);
    this.pods = Map.copyOf(pods);
    this.fault = fault;
  }

  /**
   * Every answer comes later.
   *
   * @param pods the labels of those that it befalls
   */
  public static SidecarFault late(
      Clusters clusters, LiveCluster cluster, Map<String, String> pods, Duration delay) {
    return new SidecarFault(
        clusters,
        cluster,
        pods,
        Map.of(
            "delay",
            Map.of("fixed_delay", delay.toMillis() / 1000.0 + "s", "percentage", of(100))));
  }

  /**
   * So many calls of a hundred are UNAVAILABLE.
   *
   * @param pods the labels of those that it befalls
   */
  public static SidecarFault failing(
      Clusters clusters, LiveCluster cluster, Map<String, String> pods, int percent) {
    return new SidecarFault(
        clusters,
        cluster,
        pods,
        Map.of("abort", Map.of("grpc_status", UNAVAILABLE, "percentage", of(percent))));
  }

  private static Map<String, Object> of(int percent) {
    return Map.of("numerator", percent);
  }

  @Override
  public void strike() {
    GenericKubernetesResource filter =
        Serialization.unmarshal(
            """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: { name: %s, namespace: %s }
            spec:
              workloadSelector: { labels: %s }
              configPatches:
                - applyTo: HTTP_FILTER
                  match:
                    context: SIDECAR_INBOUND
                    proxy: { metadata: { CLUSTER_ID: %s } }
                    listener:
                      filterChain:
                        filter:
                          name: envoy.filters.network.http_connection_manager
                          subFilter: { name: envoy.filters.http.router }
                  patch:
                    operation: INSERT_BEFORE
                    value:
                      name: envoy.filters.http.fault
                      typed_config: %s
            """
                .formatted(
                    NAME,
                    LiveCluster.NAMESPACE,
                    Serialization.asJson(pods),
                    cluster.name(),
                    Serialization.asJson(typed())),
            GenericKubernetesResource.class);
    filters().inNamespace(LiveCluster.NAMESPACE).resource(filter).create();
  }

  private Map<String, Object> typed() {
    Map<String, Object> typed = new LinkedHashMap<>(fault);
    typed.put("@type", "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault");
    return typed;
  }

  @Override
  public void repair() {
    Resource<GenericKubernetesResource> filter =
        filters().inNamespace(LiveCluster.NAMESPACE).withName(NAME);
    if (filter.get() != null) {
      filter.delete();
    }
  }

  private MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      filters() {
    return primary
        .kubernetes()
        .genericKubernetesResources("networking.istio.io/v1alpha3", "EnvoyFilter");
  }
}
