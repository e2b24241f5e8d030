package dev.tandem.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;

/** Counts with Micrometer. No label is a caller's name: there are too many of them. */
final class MicrometerRateLimitMeter implements RateLimitMeter {

  private final MeterRegistry registry;
  private final Counter overflowed;
  private final Counter fellBack;

  MicrometerRateLimitMeter(MeterRegistry registry) {
    this.registry = registry;
    this.overflowed =
        Counter.builder("tandem.ratelimit.overflowed")
            .description("Calls that were counted in a bucket which callers share for want of room")
            .register(registry);
    this.fellBack =
        Counter.builder("tandem.ratelimit.store.fallbacks")
            .description("Calls that one replica decided alone, because the store did not answer")
            .register(registry);
  }

  /** Counts for the whole process. */
  static RateLimitMeter global() {
    return new MicrometerRateLimitMeter(Metrics.globalRegistry);
  }

  @Override
  public void refused(String method, boolean verified) {
    Counter.builder("tandem.ratelimit.refused")
        .description("Calls that were over a limit")
        .tag("rpc.method", method)
        .tag("caller", verified ? "verified" : "address")
        .register(registry)
        .increment();
  }

  @Override
  public void overflowed() {
    overflowed.increment();
  }

  @Override
  public void fellBack() {
    fellBack.increment();
  }
}
