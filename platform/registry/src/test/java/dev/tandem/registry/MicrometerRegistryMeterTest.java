package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MicrometerRegistryMeterTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RegistryMeter meter = new MicrometerRegistryMeter(registry);
  private Freshness freshness = new Freshness.Unknown("not asked yet");

  private final RegistryMeter.Knowledge knowledge =
      new RegistryMeter.Knowledge() {
        @Override
        public int instances() {
          return 3;
        }

        @Override
        public Freshness freshness() {
          return freshness;
        }
      };

  @Test
  void saysHowManyInstancesAreKnownAndWhetherThatIsOfNow() {
    meter.watched("user", knowledge);
    assertThat(gauge("instances")).isEqualTo(3);
    assertThat(gauge("stale")).isEqualTo(1);
    assertThat(gauge("age")).isNaN();

    freshness = new Freshness.Current(Duration.ofMillis(250));
    assertThat(gauge("stale")).isZero();
    assertThat(gauge("age")).isEqualTo(0.25);

    freshness = new Freshness.Stale(Duration.ofSeconds(90), "gone");
    assertThat(gauge("stale")).isEqualTo(1);
    assertThat(gauge("age")).isEqualTo(90);
  }

  @Test
  void aServiceThatIsNotWatchedAnyMoreIsNotMeasured() {
    meter.watched("user", knowledge);

    meter.forgotten("user");

    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void countsByService() {
    meter.reregistered("user");
    meter.skipped("user");
    meter.skipped("user");
    meter.healthTurned("user", false);

    assertThat(
            registry.get("tandem.registry.reregistered").tag("service", "user").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("tandem.registry.skipped").tag("service", "user").counter().count())
        .isEqualTo(2);
    assertThat(registry.get("tandem.registry.health.turns").tag("to", "out").counter().count())
        .isEqualTo(1);
  }

  private double gauge(String name) {
    return registry.get("tandem.registry." + name).tag("service", "user").gauge().value();
  }
}
