package dev.tandem.caller.control;

import dev.tandem.caller.calls.Ticker;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The caller as a server: the control API and grpc.health.v1 on one port, HTTP health on another.
 */
public final class CallerServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(CallerServer.class.getName());
  private static final int WINDOW_BYTES = 1 << 20;
  // A control request carries a whole request for another service, too large ones on purpose
  // included.
  private static final int MESSAGE_BYTES = 16 << 20;

  private final Settings settings;
  private final HealthStatusManager health = new HealthStatusManager();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("timer").factory());
  private final CallerGrpcService service;
  private final Server server;
  private final HealthEndpoint healthEndpoint;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean ready;

  private CallerServer(Settings settings) throws IOException {
    this.settings = settings;
    this.service =
        new CallerGrpcService(
            settings.self(), settings.signer(), Clock.systemUTC(), Ticker.SYSTEM, timer);
    this.server =
        NettyServerBuilder.forPort(settings.grpcPort())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .intercept(new Identity(settings.self()))
            .addService(service)
            .addService(health.getHealthService())
            .maxInboundMessageSize(MESSAGE_BYTES)
            .initialFlowControlWindow(WINDOW_BYTES)
            .permitKeepAliveTime(20, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build()
            .start();
    this.healthEndpoint = new HealthEndpoint(settings.healthPort(), () -> ready);
    this.ready = true;
  }

  /** Starts a server as the environment says; port 0 takes any free one. */
  public static CallerServer start(Map<String, String> environment) throws IOException {
    CallerServer server = new CallerServer(Settings.from(environment));
    LOG.log(
        Level.INFO,
        "caller of cluster ''{0}'' listens on {1} (gRPC) and {2} (health)",
        server.settings.self().cluster(),
        Integer.toString(server.grpcPort()),
        Integer.toString(server.healthPort()));
    return server;
  }

  /** The port of the control API. */
  public int grpcPort() {
    return server.getPort();
  }

  /** The port of HTTP health. */
  public int healthPort() {
    return healthEndpoint.port();
  }

  /** Waits until the server has ended. */
  public void awaitEnd() throws InterruptedException {
    server.awaitTermination();
  }

  /**
   * Not ready, no new control calls, loads end with every call accounted for (within the drain
   * timeout), then everything closes.
   */
  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    ready = false;
    health.enterTerminalState();
    server.shutdown();
    service.stopLoads();
    boolean drained = false;
    try {
      drained = server.awaitTermination(settings.drainTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!drained) {
      LOG.log(Level.WARNING, "calls were still open after {0}: ended", settings.drainTimeout());
      server.shutdownNow();
    }
    healthEndpoint.close();
    timer.shutdownNow();
    LOG.log(Level.INFO, "caller ended");
  }
}
