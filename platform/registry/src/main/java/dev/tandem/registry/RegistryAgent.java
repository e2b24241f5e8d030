package dev.tandem.registry;

import dev.tandem.lifecycle.DrainParticipant;
import dev.tandem.registry.RegistrySettings.RegistryType;
import dev.tandem.transport.Security;
import dev.tandem.transport.ServerIdentity;
import dev.tandem.transport.TlsIdentity;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What a Quarkus application does with its registry from its start to its end. */
@Singleton
final class RegistryAgent implements DrainParticipant {

  private static final int LAST = Interceptor.Priority.LIBRARY_AFTER + 500;

  private final RegistrySettings settings;
  private final ServiceRegistry registry;
  private final RegistryMeter meter;
  private final ServerIdentity self;
  private final TlsIdentity tls;
  private final int port;
  private final Optional<RegistryNameResolverProvider> names;
  private volatile @Nullable SelfCheck check;

  @Inject
  RegistryAgent(
      RegistrySettings settings,
      ServiceRegistry registry,
      RegistryMeter meter,
      ServerIdentity self,
      TlsIdentity tls,
      @ConfigProperty(name = "quarkus.grpc.server.port", defaultValue = "9000") int port) {
    this.settings = settings;
    this.registry = registry;
    this.meter = meter;
    this.self = self;
    this.tls = tls;
    this.port = port;
    this.names =
        settings.type() == RegistryType.NONE
            ? Optional.empty()
            : Optional.of(new RegistryNameResolverProvider(registry));
  }

  /** Wrong settings end the start, and channels find the registry, before anything else begins. */
  void begin(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    if (settings.type() != RegistryType.NONE) {
      settings.self().service().ifPresent(this::self);
    }
    names.ifPresent(RegistryNameResolverProvider::install);
  }

  /** The instance is registered when its server says that it serves, and not before. */
  void start(@Observes @Priority(LAST) StartupEvent event) {
    if (settings.type() != RegistryType.NONE) {
      settings.self().service().ifPresent(service -> check = checked(self(service)));
    }
  }

  private SelfCheck checked(Instance instance) {
    Address server =
        settings.health().target().map(Address::of).orElseGet(() -> new Address("localhost", port));
    ChannelCredentials credentials =
        settings.health().security() == Security.MUTUAL_TLS
            ? tls.channelCredentials()
            : InsecureChannelCredentials.create();
    return new SelfCheck(registry, instance, server, credentials, settings.health(), meter);
  }

  private Instance self(String service) {
    RegistrySettings.Self mine = settings.self();
    try {
      return new Instance(
          service,
          mine.instance().orElseGet(self::pod),
          mine.address().map(Address::of).orElseGet(() -> HostAddress.withPort(port)),
          self.version(),
          self.cluster(),
          mine.region().orElse(""),
          mine.weight());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tandem.registry.self: " + e.getMessage(), e);
    }
  }

  /** Before the server stops taking calls: clients choose others while it still serves. */
  @Override
  public void leave() throws InterruptedException {
    deregister();
    if (Thread.interrupted()) {
      throw new InterruptedException("the registry has not confirmed that this instance is gone");
    }
  }

  private void deregister() {
    SelfCheck running = check;
    check = null;
    if (running != null) {
      running.close();
    }
  }

  /** Not in {@link #leave}: calls that are still served may open channels. */
  @PreDestroy
  void stop() {
    deregister();
    names.ifPresent(RegistryNameResolverProvider::uninstall);
  }
}
