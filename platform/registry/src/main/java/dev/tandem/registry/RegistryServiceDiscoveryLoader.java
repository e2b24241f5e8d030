package dev.tandem.registry;

import io.quarkus.arc.Unremovable;
import io.smallrye.stork.api.ServiceDiscovery;
import io.smallrye.stork.api.config.ConfigWithType;
import io.smallrye.stork.api.config.ServiceConfig;
import io.smallrye.stork.spi.StorkInfrastructure;
import io.smallrye.stork.spi.internal.ServiceDiscoveryLoader;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * The service discovery {@code tandem} of Stork: {@code
 * quarkus.stork.user.service-discovery.type=tandem}. The attribute {@code service} names the
 * service in the registry where it is not Stork's own name of it.
 *
 * <p>Written by hand: what Stork's annotation processor makes constructs its provider without a
 * registry where there is no CDI, and loses its reason where there is.
 */
@Singleton
@Unremovable
final class RegistryServiceDiscoveryLoader implements ServiceDiscoveryLoader {

  private final ServiceRegistry registry;

  @Inject
  RegistryServiceDiscoveryLoader(ServiceRegistry registry) {
    this.registry = registry;
  }

  @Override
  public ServiceDiscovery createServiceDiscovery(
      ConfigWithType config,
      String serviceName,
      ServiceConfig serviceConfig,
      StorkInfrastructure infrastructure) {
    return new RegistryServiceDiscovery(
        registry,
        config.parameters().getOrDefault("service", serviceName),
        Boolean.parseBoolean(config.parameters().getOrDefault("secure", "false")));
  }

  @Override
  public String type() {
    return "tandem";
  }
}
