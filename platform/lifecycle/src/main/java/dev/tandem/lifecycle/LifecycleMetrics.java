package dev.tandem.lifecycle;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Micrometer's view: {@code tandem.lifecycle.state} is 1 for the state that the server is in and 0
 * for the others, {@code tandem.lifecycle.calls} is how many are in flight.
 */
final class LifecycleMetrics {

  private LifecycleMetrics() {}

  /** For the whole process; nothing is measured in one that does not have Micrometer. */
  static void show(Supplier<LifecycleState> state, IntSupplier calls) {
    try {
      show(state, calls, Metrics.globalRegistry);
    } catch (NoClassDefFoundError _) {
      // Micrometer is optional.
    }
  }

  static void show(Supplier<LifecycleState> state, IntSupplier calls, MeterRegistry registry) {
    for (LifecycleState each : LifecycleState.values()) {
      Gauge.builder("tandem.lifecycle.state", state, now -> now.get() == each ? 1 : 0)
          .description("1 for the state that the server is in")
          .tag("state", each.name().toLowerCase(Locale.ROOT))
          .strongReference(true)
          .register(registry);
    }
    Gauge.builder("tandem.lifecycle.calls", calls, IntSupplier::getAsInt)
        .description("Calls in flight")
        .strongReference(true)
        .register(registry);
  }
}
