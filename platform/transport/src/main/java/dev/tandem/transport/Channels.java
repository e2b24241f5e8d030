package dev.tandem.transport;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.quarkus.grpc.runtime.GrpcClientInterceptorContainer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The channels of the process, one for each name, opened when the first bean asks for it. */
@Singleton
final class Channels {

  private final ChannelFactory factory;
  private final ConcurrentMap<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  @Inject
  Channels(ChannelFactory factory) {
    this.factory = factory;
  }

  @Produces
  @Singleton
  static ChannelFactory factory(
      TransportSettings settings, TlsIdentity tls, GrpcClientInterceptorContainer interceptors) {
    return new ChannelFactory(settings, tls, interceptors.getSortedGlobalInterceptors());
  }

  @Produces
  @Singleton
  static TlsIdentity tls(TransportSettings settings) {
    return TlsIdentity.of(settings.tls());
  }

  static void close(@Disposes TlsIdentity tls) {
    tls.close();
  }

  @Produces
  @ChannelTo("")
  Channel channel(InjectionPoint point) {
    String name =
        point.getQualifiers().stream()
            .filter(ChannelTo.class::isInstance)
            .map(qualifier -> ((ChannelTo) qualifier).value())
            .findFirst()
            .orElseThrow();
    return channels.computeIfAbsent(name, factory::open);
  }

  /** Calls in flight are over by now: a service drains before its beans are destroyed. */
  @PreDestroy
  void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
