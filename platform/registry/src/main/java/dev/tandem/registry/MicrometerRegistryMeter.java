package dev.tandem.registry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Measures with Micrometer. */
final class MicrometerRegistryMeter implements RegistryMeter {

  private static final double NANOS = 1e9;

  private final MeterRegistry registry;
  private final ConcurrentMap<String, List<Meter>> gauges = new ConcurrentHashMap<>();

  MicrometerRegistryMeter(MeterRegistry registry) {
    this.registry = registry;
  }

  /** For the whole process; nothing is measured in one that does not have Micrometer. */
  static RegistryMeter global() {
    try {
      return new MicrometerRegistryMeter(Metrics.globalRegistry);
    } catch (NoClassDefFoundError _) {
      return RegistryMeter.NONE;
    }
  }

  @Override
  public void watched(String service, Knowledge knowledge) {
    gauges.put(
        service,
        List.of(
            Gauge.builder("tandem.registry.instances", knowledge, Knowledge::instances)
                .description("Instances of a watched service that are known")
                .tag("service", service)
                .strongReference(true)
                .register(registry),
            Gauge.builder("tandem.registry.stale", knowledge, MicrometerRegistryMeter::stale)
                .description("1 while the registry cannot be asked for a watched service")
                .tag("service", service)
                .strongReference(true)
                .register(registry),
            Gauge.builder("tandem.registry.age", knowledge, MicrometerRegistryMeter::seconds)
                .description("Since the registry last said something of a watched service")
                .baseUnit("seconds")
                .tag("service", service)
                .strongReference(true)
                .register(registry)));
  }

  private static double stale(Knowledge knowledge) {
    return knowledge.freshness() instanceof Freshness.Current ? 0 : 1;
  }

  private static double seconds(Knowledge knowledge) {
    return switch (knowledge.freshness()) {
      case Freshness.Current(Duration age) -> age.toNanos() / NANOS;
      case Freshness.Stale(Duration age, _) -> age.toNanos() / NANOS;
      case Freshness.Unknown _ -> Double.NaN;
    };
  }

  @Override
  public void forgotten(String service) {
    List<Meter> gone = gauges.remove(service);
    if (gone != null) {
      gone.forEach(registry::remove);
    }
  }

  @Override
  public void reregistered(String service) {
    count("tandem.registry.reregistered", "Times that an instance was put again", service);
  }

  @Override
  public void skipped(String service) {
    count("tandem.registry.skipped", "Values that are no instances", service);
  }

  @Override
  public void healthTurned(String service, boolean serving) {
    Counter.builder("tandem.registry.health.turns")
        .description("Times that the instance's own health took it out or put it back")
        .tag("service", service)
        .tag("to", serving ? "in" : "out")
        .register(registry)
        .increment();
  }

  private void count(String name, String description, String service) {
    Counter.builder(name)
        .description(description)
        .tag("service", service)
        .register(registry)
        .increment();
  }
}
