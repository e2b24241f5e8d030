package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MicrometerRateLimitMeterTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RateLimitMeter meter = new MicrometerRateLimitMeter(registry);

  @Test
  void countsRefusalsByMethodAndByWhatIsKnownOfTheCaller() {
    meter.refused("tandem.user.v1.UserService/GetUser", true);
    meter.refused("tandem.user.v1.UserService/GetUser", true);
    meter.refused("tandem.user.v1.UserService/GetUser", false);

    assertThat(refusalsOf("verified")).isEqualTo(2);
    assertThat(refusalsOf("address")).isEqualTo(1);
  }

  @Test
  void countsFromZeroWhatShouldNotHappen() {
    assertThat(registry.get("tandem.ratelimit.overflowed").counter().count()).isZero();
    assertThat(registry.get("tandem.ratelimit.store.fallbacks").counter().count()).isZero();

    meter.overflowed();
    meter.fellBack();

    assertThat(registry.get("tandem.ratelimit.overflowed").counter().count()).isEqualTo(1);
    assertThat(registry.get("tandem.ratelimit.store.fallbacks").counter().count()).isEqualTo(1);
  }

  private double refusalsOf(String caller) {
    return registry
        .get("tandem.ratelimit.refused")
        .tags("rpc.method", "tandem.user.v1.UserService/GetUser", "caller", caller)
        .counter()
        .count();
  }
}
