package dev.tandem.transport;

import io.quarkus.grpc.runtime.GrpcServerRecorder;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Ends the start of a process whose transport cannot work. Quarkus only logs why its separate gRPC
 * server did not start, and the process would stay, never ready. What is wrong with a setting is
 * thrown again by injecting the beans that check it.
 */
@Singleton
final class ServerStart {

  /** After those who check settings of their own, whose words say more. */
  private static final int AFTER_OTHER_CHECKS = Interceptor.Priority.PLATFORM_BEFORE + 500;

  private final String host;
  private final int port;

  @Inject
  ServerStart(
      @ConfigProperty(name = "quarkus.grpc.server.host") String host,
      @ConfigProperty(name = "quarkus.grpc.server.port") int port) {
    this.host = host;
    this.port = port;
  }

  void check(
      @Observes @Priority(AFTER_OTHER_CHECKS) StartupEvent event,
      ServerTransportCustomizer customizer,
      @SuppressWarnings("unused") ChannelFactory checksItsSettings,
      @SuppressWarnings("unused") ServerIdentityInterceptor checksItsSettingsToo) {
    // A live reload keeps the server, and reports its failures itself.
    if (LaunchMode.current() != LaunchMode.DEVELOPMENT
        && customizer.wasApplied()
        && GrpcServerRecorder.getVerticleCount() == 0) {
      requireFreePort(host, port);
      throw new IllegalStateException(
          "the gRPC server did not start: \"Unable to start the gRPC server\" in the log says why");
    }
  }

  /** The server has tried it already: this only finds out whether that was the reason. */
  static void requireFreePort(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException | IllegalArgumentException e) {
      throw new WrongSettingException(
          "quarkus.grpc.server.port",
          port,
          "cannot be listened on at %s (%s); end what listens there, or choose another port"
              .formatted(host, e.getMessage()),
          e);
    }
  }
}
