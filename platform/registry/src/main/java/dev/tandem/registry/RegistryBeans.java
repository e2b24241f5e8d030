package dev.tandem.registry;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The registry of a Quarkus application, as its settings say. */
@Singleton
final class RegistryBeans {

  @Produces
  @Singleton
  static RegistryMeter meter() {
    return MicrometerRegistryMeter.global();
  }

  @Produces
  @Singleton
  static ServiceRegistry registry(RegistrySettings settings, RegistryMeter meter) {
    return switch (settings.type()) {
      case NONE -> new NoServiceRegistry();
      case ETCD -> new EtcdServiceRegistry(settings, meter);
      case CONSUL -> new ConsulServiceRegistry(settings, meter);
    };
  }

  static void close(@Disposes ServiceRegistry registry) {
    registry.close();
  }
}
