package dev.tandem.versioning;

import dev.tandem.identity.Caller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Optional;

/** Counts with Micrometer: {@code tandem.api.calls} by version, state and caller. */
final class MicrometerApiCallMeter implements ApiCallMeter {

  private static final String NOBODY = "unverified";

  private final MeterRegistry registry;
  private final BoundedNames callers;

  MicrometerApiCallMeter(MeterRegistry registry, int namedCallers) {
    this.registry = registry;
    this.callers = new BoundedNames(namedCallers);
  }

  /** Counts for the whole process. */
  static ApiCallMeter global(int namedCallers) {
    return new MicrometerApiCallMeter(Metrics.globalRegistry, namedCallers);
  }

  @Override
  public void called(String packageName, ApiState state, Optional<Caller> caller) {
    Counter.builder("tandem.api.calls")
        .description("Calls of published API versions")
        .tag("api", packageName)
        .tag("state", state.word())
        .tag("caller", caller.map(known -> callers.label(known.name())).orElse(NOBODY))
        .register(registry)
        .increment();
  }
}
