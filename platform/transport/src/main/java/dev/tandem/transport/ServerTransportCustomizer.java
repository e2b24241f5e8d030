package dev.tandem.transport;

import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Hands the settings to Quarkus' separate server. Vert.x wraps grpc-java's builder and refuses most
 * of its methods, so they go to the builder underneath.
 */
@Singleton
final class ServerTransportCustomizer implements ServerBuilderCustomizer<VertxServerBuilder> {

  private final ServerTransport transport;
  private volatile boolean applied;

  @Inject
  ServerTransportCustomizer(ServerTransport transport) {
    this.transport = transport;
  }

  @Override
  public void customize(GrpcServerConfiguration config, VertxServerBuilder builder) {
    applied = true;
    transport.applyTo(builder.nettyBuilder());
  }

  /** Whether Quarkus set out to build a server. */
  boolean wasApplied() {
    return applied;
  }
}
