package dev.tandem.e2e;

import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.RunningLoad;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.LiveCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The clock of a proof begins with the calm: JVMs that have just started are no news. */
final class WarmUp {
  private static final double CALLS_PER_SECOND = 25;
  private static final int CALLS = 400;
  private static final int IN_A_ROW = 200;
  private static final Duration QUICK = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private WarmUp() {}

  /** Makes calls of each kind from each caller until the answers are quick, and no others. */
  static void of(List<LiveCluster> callers, Supplier<List<Work>> kinds) {
    List<RunningLoad> loads = new ArrayList<>();
    try {
      for (LiveCluster caller : callers) {
        for (Work kind : kinds.get()) {
          loads.add(caller.caller().load(kind, LoadShape.steady(CALLS_PER_SECOND)));
        }
      }
      loads.forEach(WarmUp::awaitQuick);
    } finally {
      loads.forEach(RunningLoad::close);
    }
  }

  private static void awaitQuick(RunningLoad load) {
    load.await(
        IN_A_ROW + " quick answers in a row",
        LIMIT,
        so ->
            so.size() >= CALLS
                && so.calls().subList(so.size() - IN_A_ROW, so.size()).stream()
                    .allMatch(call -> call.ok() && call.latency().compareTo(QUICK) < 0));
  }
}
