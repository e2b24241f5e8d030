package dev.tandem.telemetry;

import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How long calls took: one histogram for calls received, one for calls made. Each is told apart by
 * method, version of the API, status, and the clusters at both ends.
 */
final class CallMetrics {

  /** The conventions' boundaries, and two below them: calls inside a cluster take about 1 ms. */
  private static final Duration[] BOUNDARIES =
      Stream.of(1, 2.5, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000)
          .map(millis -> Duration.ofNanos((long) (millis.doubleValue() * 1_000_000)))
          .toArray(Duration[]::new);

  private final MeterRegistry meters;
  private final String name;
  private final String description;
  private final Predicate<Status.Code> isError;

  /** Looking a timer up by its tags costs more than the call's own bookkeeping. */
  private final ConcurrentHashMap<Series, Timer> timers = new ConcurrentHashMap<>();

  private CallMetrics(
      MeterRegistry meters, String name, String description, Predicate<Status.Code> isError) {
    this.meters = meters;
    this.name = name;
    this.description = description;
    this.isError = isError;
  }

  static CallMetrics ofServer(MeterRegistry meters) {
    return new CallMetrics(
        meters, Rpc.SERVER_DURATION, "How long calls to this server took", Rpc::isServerError);
  }

  static CallMetrics ofClient(MeterRegistry meters) {
    return new CallMetrics(
        meters, Rpc.CLIENT_DURATION, "How long calls from here took", Rpc::isClientError);
  }

  /** Nanoseconds of the clock that durations are taken from. */
  long now() {
    return meters.config().clock().monotonicTime();
  }

  void record(Series series, long nanos) {
    Timer timer = timers.get(series);
    if (timer == null) {
      timer = timers.computeIfAbsent(series, this::timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  boolean isError(Status.Code status) {
    return isError.test(status);
  }

  private Timer timer(Series series) {
    return Timer.builder(name)
        .description(description)
        .tags(
            Tags.of(
                Rpc.SYSTEM.getKey(), Rpc.GRPC,
                Rpc.METHOD.getKey(), series.method().name(),
                Rpc.API_VERSION.getKey(), series.method().apiVersion(),
                Rpc.STATUS.getKey(), series.status().name(),
                // Empty is Prometheus' word for "not there", as the conventions want it.
                Rpc.ERROR_TYPE.getKey(), isError(series.status()) ? series.status().name() : "",
                Rpc.CALLER_CLUSTER.getKey(), series.callerCluster(),
                Rpc.SERVER_CLUSTER.getKey(), series.serverCluster()))
        .serviceLevelObjectives(BOUNDARIES)
        .register(meters);
  }

  /**
   * What one time series is told apart by; every part has few values.
   *
   * @param method which method
   * @param status how it ended
   * @param callerCluster the cluster that it came from
   * @param serverCluster the cluster that answered
   */
  record Series(RpcMethod method, Status.Code status, String callerCluster, String serverCluster) {}
}
