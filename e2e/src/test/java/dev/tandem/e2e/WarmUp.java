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
  /** Slowly first: what is late is asked again, and buries a JVM that has compiled nothing yet. */
  private static final Pace GENTLE = new Pace(5, 50);

  private static final Pace BRISK = new Pace(25, 200);
  private static final Duration QUICK = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /**
   * How calls are made for a while.
   *
   * @param callsPerSecond of each kind from each caller
   * @param inARow so many quick answers in a row end it
   */
  private record Pace(double callsPerSecond, int inARow) {}

  private WarmUp() {}

  /** Makes calls of each kind from each caller until the answers are quick, and no others. */
  static void of(List<LiveCluster> callers, Supplier<List<Work>> kinds) {
    for (Pace pace : List.of(GENTLE, BRISK)) {
      List<RunningLoad> loads = new ArrayList<>();
      try {
        for (LiveCluster caller : callers) {
          for (Work kind : kinds.get()) {
            loads.add(caller.caller().load(kind, LoadShape.steady(pace.callsPerSecond())));
          }
        }
        loads.forEach(load -> awaitQuick(load, pace.inARow()));
      } finally {
        loads.forEach(RunningLoad::close);
      }
    }
  }

  /**
   * Waits until the latest answers of a load are quick.
   *
   * @param inARow how many of them
   */
  static void awaitQuick(RunningLoad load, int inARow) {
    load.await(
        inARow + " quick answers in a row",
        LIMIT,
        so ->
            so.size() >= inARow
                && so.calls().subList(so.size() - inARow, so.size()).stream()
                    .allMatch(call -> call.ok() && call.latency().compareTo(QUICK) < 0));
  }
}
