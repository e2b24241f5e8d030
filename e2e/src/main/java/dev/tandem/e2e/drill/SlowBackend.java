package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.LiveCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;

/**
 * A service's pods in one cluster answer late: their sidecars hold each request back. What tells
 * them so is where their istiod reads, which for a remote is its primary, and names the cluster.
 */
final class SlowBackend implements Fault {
  private static final String NAME = "drill-slow-backend";

  private final LiveCluster cluster;
  private final LiveCluster primary;
  private final String service;
  private final Duration delay;

  SlowBackend(LiveCluster cluster, LiveCluster primary, String service, Duration delay) {
    this.cluster = cluster;
    this.primary = primary;
    this.service = service;
    this.delay = delay;
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
              workloadSelector: { labels: { app.kubernetes.io/name: %s } }
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
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
                        delay:
                          fixed_delay: %ss
                          percentage: { numerator: 100 }
            """
                .formatted(
                    NAME,
                    LiveCluster.NAMESPACE,
                    service,
                    cluster.name(),
                    delay.toMillis() / 1000.0),
            GenericKubernetesResource.class);
    filters().inNamespace(LiveCluster.NAMESPACE).resource(filter).create();
  }

  @Override
  public void repair() {
    Resource<GenericKubernetesResource> filter =
        filters().inNamespace(LiveCluster.NAMESPACE).withName(NAME);
    if (filter.get() != null) {
      filter.delete();
    }
  }

  private io.fabric8.kubernetes.client.dsl.MixedOperation<
          GenericKubernetesResource,
          io.fabric8.kubernetes.api.model.GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      filters() {
    return primary
        .kubernetes()
        .genericKubernetesResources("networking.istio.io/v1alpha3", "EnvoyFilter");
  }
}
