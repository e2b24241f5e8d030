package dev.tandem.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one round measured. Every server in it is a fresh process.
 *
 * @param start of each server, until its first answer, one figure for each time
 * @param throughput the loads of each server at the most that it does
 * @param steady of those servers that also got the same steady load, one figure for each time
 */
record Round(
    Map<Variant, List<Duration>> start,
    Map<Variant, List<Load>> throughput,
    Map<Variant, List<Steady>> steady) {

  /** The middle one of a round's starts: a single one may meet a busy moment. */
  double startMillis(Variant variant) {
    return Spread.of(of(variant, start).stream().map(time -> time.toNanos() / 1e6).toList())
        .median();
  }

  double callsPerSecond(Variant variant) {
    return mean(of(variant, throughput).stream().mapToDouble(Load::callsPerSecond).toArray());
  }

  double microsecondsPerCall(Variant variant) {
    return mean(of(variant, throughput).stream().mapToDouble(Load::microsecondsPerCall).toArray());
  }

  double p50(Variant variant) {
    return mean(
        of(variant, steady).stream().mapToDouble(load -> load.answered().quantile(0.5)).toArray());
  }

  double p99(Variant variant) {
    return mean(
        of(variant, steady).stream().mapToDouble(load -> load.answered().quantile(0.99)).toArray());
  }

  double sentLateP99(Variant variant) {
    return mean(
        of(variant, steady).stream().mapToDouble(load -> load.sentLate().quantile(0.99)).toArray());
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
