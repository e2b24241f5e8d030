package dev.tandem.transport;

import io.quarkus.grpc.runtime.GrpcServerRecorder;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Ends the start of a process whose transport cannot work. Quarkus only logs why its separate gRPC
 * server did not start, and the process would stay, never ready. What is wrong with a setting is
 * thrown again by injecting the beans that check it.
 */
@Singleton
final class ServerStart {

  void check(
      @Observes StartupEvent event,
      ServerTransportCustomizer customizer,
      @SuppressWarnings("unused") ChannelFactory checksItsSettings) {
    // A live reload keeps the server, and reports its failures itself.
    if (LaunchMode.current() != LaunchMode.DEVELOPMENT
        && customizer.wasApplied()
        && GrpcServerRecorder.getVerticleCount() == 0) {
      throw new IllegalStateException(
          "the gRPC server did not start: \"Unable to start the gRPC server\" in the log says why");
    }
  }
}
