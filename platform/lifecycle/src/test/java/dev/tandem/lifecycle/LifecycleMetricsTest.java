package dev.tandem.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LifecycleMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void theStateThatTheServerIsInIsOne() {
    AtomicReference<LifecycleState> state = new AtomicReference<>(LifecycleState.READY);
    LifecycleMetrics.show(state::get, () -> 0, registry);

    assertThat(value("ready")).isEqualTo(1);
    assertThat(value("draining")).isZero();

    state.set(LifecycleState.DRAINING);

    assertThat(value("ready")).isZero();
    assertThat(value("draining")).isEqualTo(1);
    assertThat(registry.get("tandem.lifecycle.state").gauges())
        .as("of all states together")
        .extracting(Gauge::value)
        .containsExactlyInAnyOrder(1.0, 0.0, 0.0, 0.0, 0.0);
  }

  @Test
  void callsInFlightAreCounted() {
    AtomicInteger calls = new AtomicInteger();
    LifecycleMetrics.show(() -> LifecycleState.READY, calls::get, registry);

    calls.set(3);

    assertThat(registry.get("tandem.lifecycle.calls").gauge().value()).isEqualTo(3);
  }

  private double value(String state) {
    return registry.get("tandem.lifecycle.state").tag("state", state).gauge().value();
  }
}
