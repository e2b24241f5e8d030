package dev.tandem.registry;

import io.smallrye.mutiny.Uni;
import io.smallrye.stork.api.Metadata;
import io.smallrye.stork.api.ServiceDiscovery;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.DefaultServiceInstance;
import io.smallrye.stork.utils.ServiceInstanceIds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Stork's view of a service: answers from memory, which the watch keeps up to date. Only who asks
 * before the registry has answered once waits, until it has, or is known not to answer.
 */
final class RegistryServiceDiscovery implements ServiceDiscovery {

  private final String service;
  private final boolean secure;
  private volatile CompletableFuture<List<ServiceInstance>> known = new CompletableFuture<>();

  /** Stork's load balancers remember instances by number. For the watch's thread. */
  private Map<Instance, ServiceInstance> numbered = new HashMap<>();

  /**
   * @param secure whether the instances are spoken to with TLS
   */
  RegistryServiceDiscovery(ServiceRegistry registry, String service, boolean secure) {
    this.service = service;
    this.secure = secure;
    // For as long as the process: Stork never ends a discovery.
    var _ = registry.watch(service, new Memory());
  }

  @Override
  public Uni<List<ServiceInstance>> getServiceInstances() {
    return Uni.createFrom().completionStage(() -> known);
  }

  private final class Memory implements InstancesListener {

    @Override
    public void changed(Instances instances) {
      Map<Instance, ServiceInstance> now = new HashMap<>();
      for (Instance instance : instances.instances()) {
        if (instance.weight() > 0) {
          ServiceInstance before = numbered.get(instance);
          now.put(instance, before != null ? before : number(instance));
        }
      }
      numbered = now;
      become(CompletableFuture.completedFuture(List.copyOf(now.values())));
    }

    @Override
    public void unknown(String problem) {
      become(
          CompletableFuture.failedFuture(
              new IllegalStateException(
                  "the instances of %s are not known: %s".formatted(service, problem))));
    }

    private void become(CompletableFuture<List<ServiceInstance>> now) {
      CompletableFuture<List<ServiceInstance>> before = known;
      known = now;
      var _ =
          now.whenComplete(
              (instances, problem) -> {
                if (problem == null) {
                  before.complete(instances);
                } else {
                  before.completeExceptionally(problem);
                }
              });
    }

    private ServiceInstance number(Instance instance) {
      return new DefaultServiceInstance(
          ServiceInstanceIds.next(),
          instance.address().host(),
          instance.address().port(),
          secure,
          Map.of(
              "instance", instance.id(),
              "version", instance.version(),
              "cluster", instance.cluster(),
              "region", instance.region(),
              "weight", Integer.toString(instance.weight())),
          Metadata.empty());
    }
  }
}
