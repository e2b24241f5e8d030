package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import java.time.Duration;
import java.util.List;

/** Does a drill: traffic, fault, repair, figures. */
final class DrillRun {
  /** All callers together, on clusters that share two cores. */
  static final double CALLS_PER_SECOND = 200;

  /** Callers that join in while a fault lasts send this many beside it. */
  private static final double NEWCOMERS_PER_SECOND = 40;

  /** What the figures before the fault are taken from. */
  private static final Duration CALM = Duration.ofSeconds(4);

  /** JVMs that nobody called for a while are slow at first; a machine that is busy stays slow. */
  private static final Duration CALM_LIMIT = Duration.ofMinutes(2);

  private static final Duration CALM_LATENCY = Duration.ofMillis(300);
  private static final Duration HOME_LIMIT = Duration.ofSeconds(90);
  private static final Duration AFTERWARDS = Duration.ofSeconds(3);

  private DrillRun() {}

  /**
   * Breaks, repairs, and says what was felt. Clusters have to be healthy.
   *
   * @param undo is told of the repair before anything is broken, and has not run when this returns
   */
  static Result run(Drill drill, Scene scene, Result.Policies policies, Undo undo) {
    Plan plan = Plan.of(drill, scene);
    try (Traffic traffic = Traffic.from(plan.callers(), CALLS_PER_SECOND)) {
      Duration calm = awaitCalm(traffic);
      Duration struck = strike(drill, plan, undo, traffic);
      if (plan.newcomers()) {
        for (LiveCluster caller : plan.callers()) {
          traffic.join(caller, NEWCOMERS_PER_SECOND / plan.callers().size());
        }
      }
      traffic.awaitSentAt(struck.plus(drill.lasts()));
      Duration repairing = traffic.now();
      plan.fault().repair();
      Duration back = traffic.now();
      awaitHome(traffic, new Moments(struck, repairing, back, back), plan.paths());
      traffic.awaitSentAt(traffic.now().plus(AFTERWARDS));
      Duration end = traffic.now();
      List<DrilledCall> all = traffic.stop();
      // The clock begins with the calm: what it took to get there is nobody's concern.
      List<DrilledCall> calls =
          all.stream()
              .filter(call -> call.start().compareTo(calm) >= 0)
              .map(call -> call.earlier(calm))
              .toList();
      Moments moments =
          new Moments(struck.minus(calm), repairing.minus(calm), back.minus(calm), end.minus(calm));
      return new Result(
          drill,
          policies,
          scene.clusters().names(),
          plan.paths(),
          moments,
          Figures.of(calls, moments, plan.paths()),
          StoredPayments.of(scene.clusters(), traffic, all),
          calls);
    }
  }

  /**
   * Waits for a while without a failed or slow call, and says when it began.
   *
   * @throws NotCalmException when there is none: figures would be the machine's, not the fault's
   */
  private static Duration awaitCalm(Traffic traffic) {
    while (true) {
      Duration from = traffic.now();
      traffic.awaitSentAt(from.plus(CALM));
      Figures figures = Figures.before(traffic.soFar(), from);
      if (figures.failedBefore() == 0 && figures.slowestBefore().compareTo(CALM_LATENCY) <= 0) {
        return from;
      }
      if (traffic.now().compareTo(CALM_LIMIT) > 0) {
        throw new NotCalmException(
            "before anything was broken, of the calls of the last %d s %d failed and the slowest took %d ms"
                .formatted(
                    CALM.toSeconds(), figures.failedBefore(), figures.slowestBefore().toMillis()));
      }
    }
  }

  /**
   * Under the lock of {@code undo}: when the process is told to end meanwhile, the repair comes
   * after the fault, not between its parts.
   */
  private static Duration strike(Drill drill, Plan plan, Undo undo, Traffic traffic) {
    synchronized (undo) {
      undo.add("repair after " + drill.title(), plan.fault()::repair);
      Duration struck = traffic.now();
      plan.fault().strike();
      return struck;
    }
  }

  /** Waits until traffic is home, as far as it comes home within the limit. */
  private static void awaitHome(Traffic traffic, Moments soFar, Paths paths) {
    Duration limit = soFar.back().plus(HOME_LIMIT);
    boolean home = false;
    while (!home && traffic.now().compareTo(limit) < 0) {
      traffic.awaitSentAt(traffic.now().plusMillis(500));
      Moments moments = new Moments(soFar.struck(), soFar.repairing(), soFar.back(), traffic.now());
      Figures figures = Figures.of(traffic.soFar(), moments, paths);
      home = figures.home().isPresent() || paths.closed().isEmpty();
    }
  }
}
