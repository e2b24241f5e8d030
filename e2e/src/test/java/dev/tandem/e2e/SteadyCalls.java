package dev.tandem.e2e;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.RunningLoad;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.LiveCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One kind of call from several clusters on one clock. A cluster's calls can be stopped and begun
 * again, which its own loss makes necessary: a caller that stands still keeps no ledger.
 */
final class SteadyCalls implements AutoCloseable {
  private final Function<LiveCluster, Work> work;
  private final double perSecond;
  private final long startNanos = System.nanoTime();
  private final Map<LiveCluster, RunningLoad> running = new LinkedHashMap<>();
  private final Map<LiveCluster, List<Call>> ended = new LinkedHashMap<>();

  SteadyCalls(Function<LiveCluster, Work> work, double perSecond) {
    this.work = work;
    this.perSecond = perSecond;
  }

  void beginFrom(LiveCluster cluster) {
    running.put(cluster, cluster.caller().load(work.apply(cluster), LoadShape.steady(perSecond)));
  }

  /** Ends a cluster's calls, none of which may have failed. */
  void endFrom(LiveCluster cluster, String circumstance) {
    RunningLoad load = running.remove(cluster);
    if (load != null) {
      Ledger ledger = load.stop();
      ended
          .computeIfAbsent(cluster, _ -> new ArrayList<>())
          .addAll(onOneClock(load, ledger).toList());
      ledger.assertAllOk(circumstance);
    }
  }

  RunningLoad from(LiveCluster cluster) {
    return Objects.requireNonNull(running.get(cluster), () -> "no calls from " + cluster);
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** What has ended of a cluster's calls so far. */
  Ledger ledger(LiveCluster cluster) {
    RunningLoad load = running.get(cluster);
    return new Ledger(
        "%s from %s".formatted(work.apply(cluster).name(), cluster.name()),
        Stream.concat(
                ended.getOrDefault(cluster, List.of()).stream(),
                load == null ? Stream.empty() : onOneClock(load, load.soFar()))
            .toList());
  }

  private Stream<Call> onOneClock(RunningLoad load, Ledger ledger) {
    Duration offset = load.startedAfter(startNanos);
    return ledger.calls().stream().map(call -> call.later(offset));
  }

  @Override
  public void close() {
    running.values().forEach(RunningLoad::close);
  }
}
