package dev.tandem.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one round measured. Every server in it is a fresh process.
 *
 * @param start of each server, until its first answer
 * @param throughput the loads of each server at the most that it does
 * @param latencies of those servers that also got the same steady load, one figure for each time
 */
record Round(
    Map<Variant, Duration> start,
    Map<Variant, List<Load>> throughput,
    Map<Variant, List<Quantiles>> latencies) {

  /** Of one time, in microseconds. */
  record Quantiles(double p50, double p99) {}

  double startMillis(Variant variant) {
    return of(variant, start).toNanos() / 1e6;
  }

  double callsPerSecond(Variant variant) {
    return mean(of(variant, throughput).stream().mapToDouble(Load::callsPerSecond).toArray());
  }

  double microsecondsPerCall(Variant variant) {
    return mean(of(variant, throughput).stream().mapToDouble(Load::microsecondsPerCall).toArray());
  }

  double p50(Variant variant) {
    return mean(of(variant, latencies).stream().mapToDouble(Quantiles::p50).toArray());
  }

  double p99(Variant variant) {
    return mean(of(variant, latencies).stream().mapToDouble(Quantiles::p99).toArray());
  }

  private static <T> T of(Variant variant, Map<Variant, T> measured) {
    return Objects.requireNonNull(measured.get(variant), variant.name());
  }

  private static double mean(double... values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
