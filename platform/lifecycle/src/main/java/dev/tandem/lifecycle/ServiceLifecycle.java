package dev.tandem.lifecycle;

import io.grpc.BindableService;
import io.grpc.Server;
import io.quarkus.arc.All;
import io.quarkus.grpc.GrpcService;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** The way of a Quarkus application from its start to its end. */
@Singleton
final class ServiceLifecycle {

  private static final Logger LOG = Logger.getLogger(ServiceLifecycle.class);
  private static final int LAST = Interceptor.Priority.LIBRARY_AFTER + 500;
  private static final String PHASE = "quarkus.shutdown.delay-enabled";

  private final LifecycleSettings settings;
  private final ServerHealth health;
  private final CallsInFlight calls;
  private final Drain drain;
  private final SmallRyeHealthReporter checks;
  private final Instance<BindableService> services;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("readiness").factory());

  private List<String> serviceNames = List.of();
  private volatile long startNanos;
  private volatile boolean started;
  private volatile boolean ready;

  @Inject
  ServiceLifecycle(
      LifecycleSettings settings,
      ServerHealth health,
      CallsInFlight calls,
      @All List<DrainParticipant> participants,
      SmallRyeHealthReporter checks,
      @GrpcService Instance<BindableService> services) {
    Durations.requirePositive(
        "tandem.lifecycle.readiness-interval", settings.readinessInterval(), "1s");
    Durations.requireNotNegative(
        "tandem.lifecycle.startup-patience", settings.startupPatience(), "15s");
    this.settings = settings;
    this.health = health;
    this.calls = calls;
    this.checks = checks;
    this.services = services;
    this.drain =
        new Drain(
            health,
            calls,
            participants,
            new DrainPlan(
                settings.withdrawDelay(), settings.leaveTimeout(), settings.drainTimeout()));
  }

  /** Wrong settings end the start before anything else begins. */
  void require(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    requirePhase();
  }

  /** After everybody else's start. */
  void start(@Observes @Priority(LAST) StartupEvent event) {
    startNanos = System.nanoTime();
    serviceNames =
        StreamSupport.stream(services.spliterator(), false)
            .map(service -> service.bindService().getServiceDescriptor().getName())
            .toList();
    LifecycleMetrics.show(this::state, calls::count);
    long interval = settings.readinessInterval().toNanos();
    var _ = clock.scheduleWithFixedDelay(this::look, 0, interval, TimeUnit.NANOSECONDS);
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      TerminationSignal.exitsOrderly();
    }
  }

  /** A build-time setting of Quarkus: without it, nobody says that the end has begun. */
  private static void requirePhase() {
    boolean hasPhase =
        ConfigProvider.getConfig().getOptionalValue(PHASE, Boolean.class).orElse(false);
    if (!hasPhase) {
      throw new IllegalStateException(
          PHASE
              + " is false: calls in flight would be lost at the end; remove it from the application's properties, tandem-lifecycle sets it, and build again");
    }
  }

  private void look() {
    if (leaving()) {
      return;
    }
    boolean before = ready;
    try {
      SmallRyeHealth readiness = checks.getReadiness();
      ready = !readiness.isDown();
      if (ready != before) {
        LOG.infof(
            "%s %s", ready ? "Ready: SERVING" : "Not ready: NOT_SERVING", readiness.getPayload());
      }
    } catch (RuntimeException e) {
      ready = false;
      LOG.warn("Readiness could not be looked at: NOT_SERVING", e);
    }
    health.report(serviceNames, ready);
    started = started || ready || waited();
  }

  private boolean waited() {
    return Duration.ofNanos(System.nanoTime() - startNanos).compareTo(settings.startupPatience())
        >= 0;
  }

  /** Whether the start is over: it was ready once, or has waited long enough for others. */
  boolean started() {
    return started;
  }

  /** Whether it has begun to go away. */
  boolean leaving() {
    return health.leaving();
  }

  /** Whether its server still accepts calls, or is meant not to. */
  boolean accepts() {
    return leaving() || !closed();
  }

  private boolean closed() {
    return calls.servers().stream().anyMatch(Server::isShutdown);
  }

  private LifecycleState state() {
    if (leaving()) {
      return closed() ? LifecycleState.DRAINING : LifecycleState.LEAVING;
    }
    if (ready) {
      return LifecycleState.READY;
    }
    return started ? LifecycleState.NOT_READY : LifecycleState.STARTING;
  }

  /**
   * Before Quarkus takes anything down. Not in dev mode, where a reload keeps the server and
   * replaces what is behind it.
   */
  void end(@Observes ShutdownDelayInitiatedEvent event) {
    if (LaunchMode.current() != LaunchMode.DEVELOPMENT) {
      drain.run();
    }
  }

  @PreDestroy
  void stopLooking() {
    clock.shutdownNow();
  }
}
