package dev.tandem.resilience;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is known of the services that this process calls: one circuit breaker and one retry budget
 * for each gRPC service, whichever channel and method it is called by.
 */
@Singleton
public final class Resilience {

  private static final String MICROMETER = "io.micrometer.core.instrument.Metrics";

  private final Policies policies;
  private final RequestBuffer buffer;
  private final ConcurrentHashMap<String, Target> targets = new ConcurrentHashMap<>();
  private final List<ResilienceListener> listeners = new CopyOnWriteArrayList<>();
  private final ResilienceListener everybody = new Everybody();

  /** A thread costs nothing while nothing fails, and may be blocked by who is called on it. */
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

  private final ScheduledThreadPoolExecutor timer = timer();

  /** Services are called as the policies say. */
  public Resilience(Policies policies) {
    this.policies = policies;
    this.buffer = new RequestBuffer(policies.bufferLimit());
  }

  @Inject
  Resilience(ResilienceSettings settings) {
    this(Policies.from(settings));
  }

  /**
   * Stops the application when its settings are wrong: a gRPC server that fails to start is only
   * logged.
   */
  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    if (isPresent(MICROMETER)) {
      addListener(ResilienceMetrics.inTheGlobalRegistry());
    }
  }

  /** The policies that this was made with. */
  public Policies policies() {
    return policies;
  }

  /** Tells the listener what happens from now on, and which services were called before. */
  public void addListener(ResilienceListener listener) {
    listeners.add(listener);
    targets.forEach(
        (service, target) -> {
          listener.serviceCalled(service);
          listener.breakerChanged(service, target.breakerState());
        });
  }

  /**
   * The state of a service's breaker; closed for one that was never called.
   *
   * @param service in full, such as tandem.user.v1.UserService
   */
  public BreakerState breaker(String service) {
    Target target = targets.get(service);
    return target == null ? BreakerState.CLOSED : target.breakerState();
  }

  /** Whether calls of a service are refused now. */
  public boolean isOpen(String service) {
    return breaker(service) == BreakerState.OPEN;
  }

  Target target(String service) {
    Target known = targets.get(service);
    return known != null
        ? known
        : targets.computeIfAbsent(service, name -> new Target(name, policies.of(name), everybody));
  }

  RequestBuffer buffer() {
    return buffer;
  }

  /** Where a caller is told of what happened on no thread of its own. */
  Executor callbacks() {
    return threads;
  }

  /** Runs what is to be done after a pause, on a thread of its own. */
  Future<?> after(Duration pause, Runnable task) {
    return timer.schedule(() -> threads.execute(task), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether some call waits for its next attempt. */
  boolean hasPauses() {
    return !timer.getQueue().isEmpty();
  }

  /** Pauses that have begun end in an attempt, as their callers expect; no other begins. */
  @PreDestroy
  void stop() {
    timer.shutdown();
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("retries").factory());
    // A call that is cancelled must not be remembered until its pause is over.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private static boolean isPresent(String className) {
    try {
      Class.forName(className, false, Resilience.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private final class Everybody implements ResilienceListener {

    @Override
    public void serviceCalled(String service) {
      tell(listener -> listener.serviceCalled(service));
    }

    @Override
    public void breakerChanged(String service, BreakerState state) {
      tell(listener -> listener.breakerChanged(service, state));
    }

    @Override
    public void retried(String service) {
      tell(listener -> listener.retried(service));
    }

    @Override
    public void refused(String service) {
      tell(listener -> listener.refused(service));
    }

    private void tell(Consumer<ResilienceListener> what) {
      listeners.forEach(what);
    }
  }
}
