package dev.tandem.e2e.drill;

import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.RunningLoad;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.payment.v1.ChargeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * The traffic of a drill: reads, streams and payments, mixed, at a steady rate from callers in
 * several clusters, all on one clock. An open loop: a call is sent when it is due, whatever became
 * of the others.
 */
final class Traffic implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String USER = "ada";

  private final long started = System.nanoTime();
  private final String keys = "drill-" + UUID.randomUUID() + "-";
  private final List<Flow> flows = new ArrayList<>();

  /** What one caller sends of one kind; its payments have keys of their own. */
  private record Flow(String from, DrilledCall.Kind kind, String keys, RunningLoad load) {}

  private Traffic() {}

  /**
   * Starts it.
   *
   * @param callers the clusters that it comes from
   * @param callsPerSecond of all callers together
   */
  static Traffic from(List<LiveCluster> callers, double callsPerSecond) {
    Traffic traffic = new Traffic();
    try {
      for (LiveCluster caller : callers) {
        traffic.join(caller, callsPerSecond / callers.size());
      }
    } catch (RuntimeException | AssertionError e) {
      traffic.close();
      throw e;
    }
    return traffic;
  }

  /** Lets a further caller join in, on connections of its own. */
  void join(LiveCluster caller, double callsPerSecond) {
    for (DrilledCall.Kind kind : DrilledCall.Kind.values()) {
      String flowKeys = "%s%s-%d-".formatted(keys, caller.name(), flows.size());
      flows.add(
          new Flow(
              caller.name(),
              kind,
              flowKeys,
              caller
                  .caller()
                  .load(work(kind, flowKeys), LoadShape.steady(callsPerSecond * kind.share()))));
    }
  }

  private static Work work(DrilledCall.Kind kind, String keys) {
    return switch (kind) {
      case READ -> Work.getUser(USER);
      case WATCH -> Work.watchUser(USER, DrilledCall.HOLD);
      case CHARGE ->
          Work.charge(
                  ChargeRequest.newBuilder()
                      .setUserId(USER)
                      .setAmountMinor(1)
                      .setCurrencyCode("CNY")
                      .build())
              .numbering(ChargeRequest.IDEMPOTENCY_KEY_FIELD_NUMBER, keys);
    };
  }

  /** The time since it began. */
  Duration now() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** What the keys of its payments begin with. */
  String keys() {
    return keys;
  }

  /** Waits until calls that were sent at an instant have ended: the traffic itself is the clock. */
  void awaitSentAt(Duration instant) {
    for (Flow flow : flows) {
      // A stream ends only after it was held: it would tell the time late.
      if (flow.kind != DrilledCall.Kind.READ) {
        continue;
      }
      Duration wanted = instant.minus(flow.load.startedAfter(started));
      flow.load.await(
          "calls that were sent after %.1f s".formatted(instant.toMillis() / 1000.0),
          LIMIT.plus(instant.minus(now()).isNegative() ? Duration.ZERO : instant.minus(now())),
          so -> so.calls().stream().anyMatch(call -> call.start().compareTo(wanted) >= 0));
    }
  }

  /** The calls that have ended so far. */
  List<DrilledCall> soFar() {
    return flows.stream()
        .flatMap(flow -> flow.load.soFar().calls().stream().map(call -> drilled(flow, call)))
        .toList();
  }

  /** Ends it and gives every call, in the order in which they were due. */
  List<DrilledCall> stop() {
    return flows.stream()
        .flatMap(flow -> flow.load.stop().calls().stream().map(call -> drilled(flow, call)))
        .sorted(Comparator.comparing(DrilledCall::start))
        .toList();
  }

  private DrilledCall drilled(Flow flow, dev.tandem.e2e.call.Call call) {
    return new DrilledCall(
        flow.from,
        flow.kind,
        flow.keys + call.sequence(),
        call.later(flow.load.startedAfter(started)));
  }

  @Override
  public void close() {
    flows.forEach(flow -> flow.load.close());
  }
}
