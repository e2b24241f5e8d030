package dev.tandem.resilience;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Micrometer's view: {@code tandem.resilience.breaker} is 1 for the state that a service's breaker
 * is in and 0 for the others; {@code tandem.resilience.retries} and {@code
 * tandem.resilience.refusals} count.
 */
public final class ResilienceMetrics implements ResilienceListener {

  private final MeterRegistry registry;
  private final Map<String, BreakerState> states = new ConcurrentHashMap<>();

  /** Meters go to this registry. */
  public ResilienceMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Where frameworks, Quarkus among them, add their registries. */
  static ResilienceListener inTheGlobalRegistry() {
    return new ResilienceMetrics(Metrics.globalRegistry);
  }

  @Override
  public void serviceCalled(String service) {
    states.put(service, BreakerState.CLOSED);
    for (BreakerState state : BreakerState.values()) {
      Gauge.builder("tandem.resilience.breaker", states, now -> now.get(service) == state ? 1 : 0)
          .description("The state of the circuit breaker")
          .tag("service", service)
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  @Override
  public void breakerChanged(String service, BreakerState state) {
    states.put(service, state);
  }

  @Override
  public void retried(String service) {
    registry.counter("tandem.resilience.retries", "service", service).increment();
  }

  @Override
  public void refused(String service) {
    registry.counter("tandem.resilience.refusals", "service", service).increment();
  }
}
