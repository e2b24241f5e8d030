package dev.tandem.versioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.identity.Caller;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MicrometerApiCallMeterTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MicrometerApiCallMeter meter = new MicrometerApiCallMeter(registry, 2);

  @Test
  void countsByVersionStateAndCaller() {
    meter.called("tandem.user.v1", new ApiState.Active(), Optional.of(new Caller("ada")));
    meter.called("tandem.user.v1", new ApiState.Active(), Optional.of(new Caller("ada")));
    meter.called("tandem.user.v1", new ApiState.Active(), Optional.empty());

    assertThat(callsOf("ada")).isEqualTo(2);
    assertThat(callsOf("unverified")).isEqualTo(1);
  }

  @Test
  void namesTheFirstCallersAndCountsFurtherOnesTogether() {
    for (int i = 0; i < 1000; i++) {
      meter.called("tandem.user.v1", new ApiState.Active(), Optional.of(new Caller("caller" + i)));
    }
    meter.called("tandem.user.v1", new ApiState.Active(), Optional.of(new Caller("caller1")));

    assertThat(callsOf("caller0")).isEqualTo(1);
    assertThat(callsOf("caller1")).isEqualTo(2);
    assertThat(callsOf("other")).isEqualTo(998);
    assertThat(registry.getMeters()).hasSize(3);
  }

  @Test
  void givesNoRoomToANameWithoutEnd() {
    meter.called(
        "tandem.user.v1", new ApiState.Active(), Optional.of(new Caller("x".repeat(10_000))));
    meter.called("tandem.user.v1", new ApiState.Active(), Optional.of(new Caller("ada")));
    meter.called("tandem.user.v1", new ApiState.Active(), Optional.of(new Caller("grace")));

    assertThat(callsOf("other")).isEqualTo(1);
    assertThat(callsOf("grace")).isEqualTo(1);
  }

  private double callsOf(String caller) {
    return registry
        .get("tandem.api.calls")
        .tags("api", "tandem.user.v1", "state", "ACTIVE", "caller", caller)
        .counter()
        .count();
  }
}
