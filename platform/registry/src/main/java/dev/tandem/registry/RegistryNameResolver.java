package dev.tandem.registry;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a channel the addresses of a service's instances, and each change of them at once. While
 * the registry cannot be asked the channel keeps those that it has.
 */
final class RegistryNameResolver extends NameResolver {

  private final ServiceRegistry registry;
  private final String service;
  private @Nullable Watch watch;

  RegistryNameResolver(ServiceRegistry registry, String service) {
    this.registry = registry;
    this.service = service;
  }

  @Override
  public String getServiceAuthority() {
    return service;
  }

  @Override
  public void start(Listener2 listener) {
    watch =
        registry.watch(
            service,
            new InstancesListener() {
              @Override
              public void changed(Instances instances) {
                listener.onResult(result(addresses(instances)));
              }

              @Override
              public void unknown(String problem) {
                listener.onResult(
                    result(
                        StatusOr.fromStatus(
                            Status.UNAVAILABLE.withDescription(
                                "the instances of %s are not known: %s"
                                    .formatted(service, problem)))));
              }
            });
  }

  private static ResolutionResult result(StatusOr<List<EquivalentAddressGroup>> addresses) {
    return ResolutionResult.newBuilder().setAddressesOrError(addresses).build();
  }

  private StatusOr<List<EquivalentAddressGroup>> addresses(Instances instances) {
    List<EquivalentAddressGroup> addresses =
        instances.instances().stream()
            .filter(instance -> instance.weight() > 0)
            .map(Instance::address)
            .distinct()
            .map(address -> new InetSocketAddress(address.host(), address.port()))
            .map(EquivalentAddressGroup::new)
            .toList();
    return addresses.isEmpty()
        ? StatusOr.fromStatus(
            Status.UNAVAILABLE.withDescription(
                "the registry has no instance of %s that takes calls".formatted(service)))
        : StatusOr.fromValue(addresses);
  }

  @Override
  public void shutdown() {
    if (watch != null) {
      watch.close();
    }
  }
}
