package dev.tandem.registry;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An instance's own agent: asks its server, over its socket as a client would, whether it serves
 * (grpc.health.v1), and registers it, takes it out and puts it back accordingly. A process that is
 * stopped altogether cannot ask any more; its lease runs out.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">GRPC Health
 *     Checking Protocol</a>
 */
public final class SelfCheck implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(SelfCheck.class);

  private final ServiceRegistry registry;
  private final Instance instance;
  private final RegistryMeter meter;
  private final Duration interval;
  private final Duration timeout;
  private final Vitality.Thresholds thresholds;
  private final ManagedChannel server;
  private final Thread thread;

  private Vitality vitality = Vitality.UNKNOWN;
  private volatile @Nullable Registration registration;

  /**
   * Begins to ask.
   *
   * @param server where the instance's own server listens
   * @param credentials for it
   * @throws IllegalArgumentException when a setting cannot be followed, naming key, value and fix
   */
  public SelfCheck(
      ServiceRegistry registry,
      Instance instance,
      Address server,
      ChannelCredentials credentials,
      RegistrySettings.Health settings,
      RegistryMeter meter) {
    Timing.require("health.interval", settings.interval(), "2s");
    Timing.require("health.timeout", settings.timeout(), "1s");
    this.registry = registry;
    this.instance = instance;
    this.meter = meter;
    this.interval = settings.interval();
    this.timeout = settings.timeout();
    this.thresholds = new Vitality.Thresholds(settings.failures(), settings.successes());
    NettyChannelBuilder channel =
        NettyChannelBuilder.forAddress(server.host(), server.port(), credentials).disableRetry();
    settings.authority().ifPresent(channel::overrideAuthority);
    this.server = channel.build();
    this.thread = Thread.ofVirtual().name("registry-self-check").start(this::run);
  }

  /** As above, for a server without TLS. */
  public SelfCheck(
      ServiceRegistry registry,
      Instance instance,
      Address server,
      RegistrySettings.Health settings,
      RegistryMeter meter) {
    this(registry, instance, server, InsecureChannelCredentials.create(), settings, meter);
  }

  /** What the registry has of the instance; empty until it has been healthy once. */
  public Optional<RegistrationState> state() {
    return Optional.ofNullable(registration).map(Registration::state);
  }

  private void run() {
    try {
      while (true) {
        follow(vitality.after(serves(), thresholds));
        Thread.sleep(interval);
      }
    } catch (InterruptedException _) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  private boolean serves() throws InterruptedException {
    try {
      return HealthGrpc.newBlockingStub(server)
              .withDeadlineAfter(timeout)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LOG.debugf("No answer from this process's own health: %s", e.getStatus());
      // After a failed connection gRPC would leave the server alone for longer and longer.
      server.resetConnectBackoff();
      return false;
    }
  }

  private void follow(Vitality now) {
    if (now.in() != vitality.in()) {
      turn(now.in());
    }
    vitality = now;
  }

  private void turn(boolean in) {
    Registration before = registration;
    if (!in && before != null) {
      LOG.warnf(
          "%s/%s is taken out of the registry: its own health was not SERVING %d times in a row",
          instance.service(), instance.id(), thresholds.failures());
      before.withdraw();
    } else if (before != null) {
      LOG.infof(
          "%s/%s is put back into the registry: it serves", instance.service(), instance.id());
      before.offer(instance);
    } else {
      registration = registry.register(instance);
      return;
    }
    meter.healthTurned(instance.service(), in);
  }

  /**
   * Takes the instance out for good, as {@link Registration#close} does. An interrupt ends the
   * waiting and is kept.
   */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Registration last = registration;
    if (last != null) {
      last.close();
    }
    server.shutdownNow();
  }
}
