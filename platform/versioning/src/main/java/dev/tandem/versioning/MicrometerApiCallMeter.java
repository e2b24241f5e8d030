package dev.tandem.versioning;

import dev.tandem.identity.Caller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Counts with Micrometer: {@code tandem.api.calls} by version, state and caller. */
final class MicrometerApiCallMeter implements ApiCallMeter {

  private static final String NOBODY = "unverified";

  private final MeterRegistry registry;
  private final BoundedNames callers;

  /** Looking a counter up by its tags costs more than all that is done for the call besides. */
  private final ConcurrentHashMap<Series, Counter> counters = new ConcurrentHashMap<>();

  /** As many as there are versions, states and names of callers that may be a label. */
  private record Series(String packageName, String state, String caller) {}

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
    Series series =
        new Series(
            packageName,
            state.word(),
            caller.isPresent() ? callers.label(caller.get().name()) : NOBODY);
    Counter counter = counters.get(series);
    if (counter == null) {
      counter = counters.computeIfAbsent(series, this::counter);
    }
    counter.increment();
  }

  private Counter counter(Series series) {
    return Counter.builder("tandem.api.calls")
        .description("Calls of published API versions")
        .tag("api", series.packageName())
        .tag("state", series.state())
        .tag("caller", series.caller())
        .register(registry);
  }
}
