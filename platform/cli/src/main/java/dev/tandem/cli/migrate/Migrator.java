package dev.tandem.cli.migrate;

import dev.tandem.cli.migrate.MigratedCluster.Holder;
import dev.tandem.cli.migrate.MigratedCluster.Problem;
import dev.tandem.cli.migrate.Outcome.Reached;
import dev.tandem.cli.migrate.Outcome.Refused;
import dev.tandem.cli.migrate.Outcome.RolledBack;
import dev.tandem.cli.migrate.Outcome.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Moves all clusters together, or none. A move is written down in every cluster before anything is
 * changed and again when all of them have changed, so that the next command finds out what was
 * decided, wherever this one died:
 *
 * <ul>
 *   <li>the highest revision that any cluster has written is the decision, and the others catch up:
 *       it is only written when every cluster has changed;
 *   <li>an intent without its revision is taken back.
 * </ul>
 *
 * When a cluster is lost, a move forward is refused; a move back is made where it can be made, and
 * the lost cluster catches up when it returns.
 */
final class Migrator {

  /**
   * As often in a row copies have to be answered as fast as calls: while new pods start, the
   * machine is busy and the old deployment slow, too, and one good look says little.
   */
  private static final int WARM_LOOKS = 3;

  /** Control planes collect changes for a moment before they tell their proxies. */
  private static final Duration PROPAGATION = Duration.ofSeconds(3);

  /** A third of the time after which a lease may be taken over. */
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  private final List<MigratedCluster> clusters;
  private final Gate gate;
  private final Clock clock;
  private final Pause pause;
  private final Witness witness;

  /** Who did not answer when a step back began, and why: it is not waited for again. */
  private final Map<MigratedCluster, String> lost = new ConcurrentHashMap<>();

  /** Waiting, which tests do not. */
  @FunctionalInterface
  interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  Migrator(List<MigratedCluster> clusters, Gate gate, Clock clock, Pause pause, Witness witness) {
    this.clusters = List.copyOf(clusters);
    this.gate = gate;
    this.clock = clock;
    this.pause = pause;
    this.witness = witness;
  }

  /** Which clusters a command cannot do without. */
  enum Needed {
    /** All of them: they move forward together or not at all. */
    EVERY_CLUSTER,
    /** Those that answer: a bad version is taken away where it can be; the others catch up. */
    WHO_ANSWERS
  }

  /** Runs a piece of work while no other migration of the service can change any cluster. */
  Outcome claimed(String service, String owner, Needed needed, Work work)
      throws InterruptedException {
    List<MigratedCluster> claimed = new ArrayList<>();
    Thread renewing =
        Thread.ofVirtual().name("lease").unstarted(() -> renew(service, owner, claimed));
    try {
      // Always in the topology's order: two commands cannot hold one cluster each and wait.
      for (MigratedCluster cluster : clusters) {
        Optional<Holder> other = claim(cluster, service, owner, needed);
        if (lost.containsKey(cluster)) {
          continue;
        }
        if (other.isPresent()) {
          return Refused.because(
              "%s is being migrated by %s, who was last seen at %s in %s"
                  .formatted(service, other.get().owner(), other.get().renewed(), cluster.name()),
              "wait for it; a command that died is taken over 30 s later");
        }
        claimed.add(cluster);
      }
      renewing.start();
      return work.run();
    } catch (ClusterException e) {
      return Refused.because(
          String.valueOf(e.getMessage()), "mend it and run the same command again");
    } finally {
      renewing.interrupt();
      for (MigratedCluster cluster : claimed) {
        try {
          cluster.release(service, owner);
        } catch (ClusterException e) {
          witness.warning("%s: its lease ends by itself".formatted(e.getMessage()));
        }
      }
    }
  }

  private Optional<Holder> claim(
      MigratedCluster cluster, String service, String owner, Needed needed) {
    try {
      return cluster.claim(service, owner);
    } catch (ClusterException e) {
      if (needed == Needed.EVERY_CLUSTER) {
        throw e;
      }
      lost.put(cluster, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A lost cluster is claimed again when it returns; it cannot be changed by others meanwhile. */
  private void renew(String service, String owner, List<MigratedCluster> claimed) {
    try {
      while (true) {
        pause.of(RENEWAL);
        for (MigratedCluster cluster : claimed) {
          try {
            cluster.claim(service, owner);
          } catch (ClusterException e) {
            witness.warning(String.valueOf(e.getMessage()));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @FunctionalInterface
  interface Work {
    Outcome run() throws InterruptedException;
  }

  /**
   * What every command begins with: what an earlier one left half done is finished or taken back.
   */
  Optional<Progress> recover(String service) {
    List<MigratedCluster> present = without(lost);
    Map<MigratedCluster, Optional<Progress>> found = new HashMap<>();
    present.forEach(cluster -> found.put(cluster, cluster.progress(service)));
    List<Progress> known = found.values().stream().flatMap(Optional::stream).toList();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Progress decided =
        known.stream()
            // Two of one revision: one was decided while the other's cluster was lost, and later.
            .max(Comparator.comparingLong(Progress::revision).thenComparing(Progress::since))
            .map(Progress::gaveUp)
            .orElseThrow();
    List<MigratedCluster> behind =
        present.stream()
            // The last of what a rollback clears up waits for every cluster.
            .filter(
                cluster ->
                    decided.phase().isOver()
                        || !Objects.equals(found.get(cluster), Optional.of(decided)))
            .toList();
    if (!behind.isEmpty()) {
      witness.warning(
          "an earlier command did not finish: putting %s into the phase %s"
              .formatted(names(behind), decided.phase().key()));
      // An intent may have been carried out anywhere; where there is none, the record was lost.
      orThrow(shape(present, behind, decided.migration(), decided.phase()));
      everywhere(behind, cluster -> cluster.remember(decided));
    }
    if (decided.phase().isOver()) {
      // Who is lost must still learn of it: only then is it forgotten.
      if (lost.isEmpty()) {
        everywhere(clusters, cluster -> cluster.forget(service));
      }
      return Optional.empty();
    }
    return Optional.of(decided);
  }

  /** Begins a migration, unless one is under way. It changes nothing but the clusters' records. */
  Outcome begin(Migration migration) {
    Optional<Progress> running = recover(migration.service());
    if (running.isPresent()) {
      return running.get().migration().equals(migration)
          ? new Reached(running.get().phase(), "it is under way")
          : Refused.because(
              "%s is being migrated from %s to %s already, and is %s"
                  .formatted(
                      migration.service(),
                      running.get().migration().fromPackage(),
                      running.get().migration().toPackage(),
                      running.get().phase().key()),
              "finish that migration or take it back: tandem migrate rollback "
                  + migration.service());
    }
    List<Problem> problems =
        clusters.stream().flatMap(cluster -> cluster.problems(migration).stream()).toList();
    return problems.isEmpty()
        ? new Reached(new Phase.Untouched(), "nothing is in the way")
        : new Refused(problems);
  }

  /** Goes on, phase by phase, each judged, until the goal or until something is wrong. */
  Outcome run(Migration migration, Phase goal) throws InterruptedException {
    Outcome begun = begin(migration);
    if (!(begun instanceof Reached)) {
      return begun;
    }
    while (true) {
      Progress progress =
          recover(migration.service()).orElseGet(() -> Progress.start(migration, now()));
      if (!progress.judged()) {
        Outcome judged = judge(progress);
        if (!(judged instanceof Reached)) {
          return judged;
        }
        progress = recover(migration.service()).orElseThrow();
      }
      if (migration.course().isReached(progress.phase(), goal)) {
        return new Reached(progress.phase(), "every cluster is there");
      }
      Phase next = migration.course().after(progress.phase()).orElseThrow();
      Outcome moved = move(progress, next, true);
      if (!(moved instanceof Reached)) {
        return moved;
      }
    }
  }

  /** Takes one step back, without judging it: what was good before is good again. */
  Outcome undo(String service) {
    Optional<Progress> running = recover(service);
    if (running.isEmpty()) {
      return notRunning(service);
    }
    Progress progress = running.get();
    Phase before = progress.migration().course().before(progress.phase()).orElseThrow();
    return back(progress, before, "asked to");
  }

  /** Puts everything back as it was before the migration. */
  Outcome rollBack(String service) {
    Optional<Progress> running = recover(service);
    return running.isEmpty()
        ? notRunning(service)
        : back(running.get(), new Phase.Untouched(), "asked to");
  }

  /**
   * Ends a migration for good: the old deployment becomes what the new one is while nobody calls
   * it, then it gets the calls, and the new one goes. As long as a cluster refuses, the phase stays
   * what it is, and a rollback brings the old pods back.
   */
  Outcome finish(String service) {
    Optional<Progress> running = recover(service);
    if (running.isEmpty()) {
      return notRunning(service);
    }
    Progress progress = running.get();
    Migration migration = progress.migration();
    if (!(progress.phase() instanceof Phase.Retirement)) {
      return Refused.because(
          "%s is %s: only what is retired can be finished"
              .formatted(service, progress.phase().key()),
          "tandem migrate run %s --until retired …".formatted(service));
    }
    Instant started = now();
    Map<MigratedCluster, String> failures =
        tryEverywhere(clusters, cluster -> cluster.promote(migration));
    if (!failures.isEmpty()) {
      return Refused.because(
          String.join("; ", failures.values()),
          "callers are served by the new deployment meanwhile: mend it and run the same command"
              + " again, or take the migration back");
    }
    Phase over = new Phase.Finish();
    Progress done = progress.reached(over, false, now());
    witness.moving(progress.phase(), over);
    everywhere(clusters, cluster -> cluster.remember(done));
    orThrow(shape(clusters, clusters, migration, over));
    everywhere(clusters, cluster -> cluster.forget(service));
    return new Outcome.Finished(Duration.between(started, now()));
  }

  private static Outcome notRunning(String service) {
    return Refused.because(
        "no migration of %s is under way".formatted(service), "tandem status shows those that are");
  }

  private Outcome move(Progress progress, Phase next, boolean needsJudging) {
    Phase phase = progress.phase();
    Migration migration = progress.migration();
    Instant started = now();
    witness.moving(phase, next);
    Map<MigratedCluster, String> failures =
        tryEverywhere(clusters, cluster -> cluster.remember(progress.intends(next)));
    if (failures.isEmpty()) {
      failures = shape(clusters, clusters, migration, next);
    }
    if (!failures.isEmpty()) {
      String reason = String.join("; ", failures.values());
      List<String> lost = restore(progress);
      return new RolledBack(next, phase, reason, Duration.between(started, now()), lost);
    }
    Progress reached = progress.reached(next, needsJudging, now());
    everywhere(clusters, cluster -> cluster.remember(reached));
    witness.reached(next);
    return new Reached(next, "every cluster is there");
  }

  /** All clusters get the shape of the phase that they left; who does not answer is named. */
  private List<String> restore(Progress progress) {
    Map<MigratedCluster, String> gone =
        tryEverywhere(clusters, cluster -> cluster.progress(progress.migration().service()));
    gone.putAll(shape(without(gone), without(gone), progress.migration(), progress.phase()));
    gone.putAll(
        tryEverywhere(
            without(gone),
            cluster -> {
              if (progress.revision() == 0) {
                cluster.forget(progress.migration().service());
              } else {
                cluster.remember(progress.gaveUp());
              }
            }));
    gone.values().forEach(witness::warning);
    return names(List.copyOf(gone.keySet()));
  }

  /** A move that must not fail as a whole: it is made wherever it can be made. */
  private Outcome back(Progress progress, Phase before, String reason) {
    Instant started = now();
    witness.moving(progress.phase(), before);
    Progress reached = progress.reached(before, false, now());
    Map<MigratedCluster, String> gone =
        tryEverywhere(clusters, cluster -> cluster.remember(progress.intends(before)));
    List<MigratedCluster> reachable = without(gone);
    if (before instanceof Phase.Untouched) {
      gone.putAll(
          tryEverywhere(reachable, cluster -> cluster.withdraw(progress.migration(), false)));
    } else {
      gone.putAll(shape(reachable, reachable, progress.migration(), before));
    }
    // From here on callers are served as before; what follows only clears up.
    Duration took = Duration.between(started, now());
    if (before instanceof Phase.Untouched) {
      gone.putAll(shape(without(gone), without(gone), progress.migration(), before));
    }
    gone.putAll(tryEverywhere(without(gone), cluster -> cluster.remember(reached)));
    if (gone.size() == clusters.size()) {
      return Refused.because(
          "no cluster could be put back: " + String.join("; ", gone.values()),
          "mend one of them and run tandem migrate resume " + progress.migration().service());
    }
    gone.values().forEach(witness::warning);
    if (before instanceof Phase.Untouched && gone.isEmpty()) {
      everywhere(clusters, cluster -> cluster.forget(progress.migration().service()));
    }
    witness.reached(before);
    return new RolledBack(
        progress.phase(), before, reason, took, names(List.copyOf(gone.keySet())));
  }

  /** Watches the phase until there are calls enough; a bad one is taken back at once. */
  private Outcome judge(Progress progress) throws InterruptedException {
    Migration migration = progress.migration();
    Phase phase = progress.phase();
    Instant started = now();
    Map<MigratedCluster, Reading> before = readings(migration);
    Gate.Verdict verdict;
    int goodLooks = 0;
    while (true) {
      pause.of(gate.interval());
      boolean patient = Duration.between(started, now()).compareTo(gate.patience()) <= 0;
      verdict = verdict(progress, before, patient);
      boolean good = verdict instanceof Gate.Verdict.Good;
      boolean warm = good && (!(phase instanceof Phase.Mirrored) || ++goodLooks >= WARM_LOOKS);
      if (warm || verdict instanceof Gate.Verdict.Bad || !patient) {
        break;
      }
      if (good || verdict instanceof Gate.Verdict.Cold) {
        goodLooks = good ? goodLooks : 0;
        before = readings(migration);
      }
      witness.waiting(phase, verdict.seen());
    }
    return switch (verdict) {
      case Gate.Verdict.Bad(String seen) ->
          back(progress, migration.course().before(phase).orElseThrow(), seen);
      case Gate.Verdict.Cold(String seen) ->
          back(progress, migration.course().before(phase).orElseThrow(), seen);
      case Gate.Verdict.Unclear(String seen) -> new Waiting(phase, seen);
      case Gate.Verdict.Good(String seen, Optional<Baseline> baseline) -> {
        Progress passed = progress.passed(baseline);
        everywhere(clusters, cluster -> cluster.remember(passed));
        witness.passed(phase, seen);
        yield new Reached(phase, seen);
      }
    };
  }

  private Gate.Verdict verdict(
      Progress progress, Map<MigratedCluster, Reading> before, boolean patient) {
    Migration migration = progress.migration();
    Map<String, Map<Track, Calls>> calls = new HashMap<>();
    int restarts = 0;
    for (Map.Entry<MigratedCluster, Reading> cluster : readings(migration).entrySet()) {
      Reading earlier = before.getOrDefault(cluster.getKey(), cluster.getValue());
      calls.put(cluster.getKey().name(), cluster.getValue().since(earlier));
      restarts += Math.max(0, cluster.getValue().restarts() - earlier.restarts());
    }
    return switch (progress.phase()) {
      case Phase.Untouched _, Phase.Beside _, Phase.Finish _ ->
          restarts > 0
              ? new Gate.Verdict.Bad(
                  "the new deployment was restarted %d times".formatted(restarts))
              : new Gate.Verdict.Good("the new deployment stands", Optional.empty());
      case Phase.Mirrored() ->
          switch (gate.judgeAnswers(
              Answer.pairs(
                  answers(migration, Track.STABLE, progress.since()),
                  answers(migration, Track.CANDIDATE, progress.since())),
              restarts)) {
            case Gate.Verdict.Good alike -> alike.and(gate.judgeCopies(calls, patient));
            case Gate.Verdict other -> other;
          };
      case Phase.Shifted _, Phase.Deprecation _ -> gate.judge(calls, progress.baseline(), restarts);
      // Callers of the old version are refused on purpose: their UNIMPLEMENTED is no failure.
      case Phase.Retirement() ->
          new Gate.Verdict.Good("the old version is refused", Optional.empty());
    };
  }

  private List<Answer> answers(Migration migration, Track track, Instant since) {
    return clusters.stream()
        .flatMap(cluster -> cluster.answers(migration, track, since).stream())
        .toList();
  }

  private Map<MigratedCluster, Reading> readings(Migration migration) {
    Map<MigratedCluster, Reading> readings = new HashMap<>();
    for (MigratedCluster cluster : clusters) {
      try {
        readings.put(cluster, cluster.read(migration));
      } catch (ClusterException e) {
        // A lost cluster does not stop the judging of the others.
        witness.warning(String.valueOf(e.getMessage()));
      }
    }
    return readings;
  }

  /**
   * Gives clusters the shape of a phase, in an order in which no call is sent where nobody answers:
   * a cluster's callers reach the other clusters' deployments too, and the mesh needs a moment to
   * hear of a change.
   *
   * @param all those that have to know of the two deployments
   * @param changing those that change
   * @return what went wrong, by cluster
   */
  private Map<MigratedCluster, String> shape(
      List<MigratedCluster> all, List<MigratedCluster> changing, Migration migration, Phase phase) {
    if (phase.isOver()) {
      return takeAway(changing, migration, phase);
    }
    Set<MigratedCluster> prepared = ConcurrentHashMap.newKeySet();
    Map<MigratedCluster, String> failures =
        tryEverywhere(
            all,
            cluster -> {
              if (cluster.prepare(migration)) {
                prepared.add(cluster);
              }
            });
    if (!failures.isEmpty()) {
      return failures;
    }
    if (!prepared.isEmpty()) {
      settle();
    }
    return tryEverywhere(changing, cluster -> cluster.apply(migration, phase.shape()));
  }

  private Map<MigratedCluster, String> takeAway(
      List<MigratedCluster> changing, Migration migration, Phase phase) {
    Map<MigratedCluster, String> failures =
        tryEverywhere(
            changing, cluster -> cluster.withdraw(migration, phase instanceof Phase.Finish));
    settle();
    failures.putAll(
        tryEverywhere(
            but(changing, failures), cluster -> cluster.apply(migration, Shape.ORIGINAL)));
    settle();
    if (phase instanceof Phase.Untouched) {
      failures.putAll(tryEverywhere(but(changing, failures), cluster -> cluster.demote(migration)));
    }
    // Callers of a cluster that is not there may still name a deployment when it returns.
    if (failures.isEmpty() && changing.size() == clusters.size()) {
      failures.putAll(tryEverywhere(changing, cluster -> cluster.clean(migration)));
    }
    return failures;
  }

  private List<MigratedCluster> without(Map<MigratedCluster, String> gone) {
    return but(clusters, gone);
  }

  private static List<MigratedCluster> but(
      List<MigratedCluster> clusters, Map<MigratedCluster, String> gone) {
    return clusters.stream().filter(cluster -> !gone.containsKey(cluster)).toList();
  }

  private void settle() {
    try {
      pause.of(PROPAGATION);
    } catch (InterruptedException e) {
      // What follows notices it, too; the order of changes matters more than their haste.
      Thread.currentThread().interrupt();
    }
  }

  private void everywhere(List<MigratedCluster> clusters, Consumer<MigratedCluster> change) {
    orThrow(tryEverywhere(clusters, change));
  }

  private static void orThrow(Map<MigratedCluster, String> failures) {
    failures.entrySet().stream()
        .findFirst()
        .ifPresent(
            failure -> {
              throw new ClusterException(
                  failure.getKey().name(), String.join("; ", failures.values()));
            });
  }

  /** In all clusters at the same time; what went wrong, by cluster. */
  private Map<MigratedCluster, String> tryEverywhere(
      List<MigratedCluster> clusters, Consumer<MigratedCluster> change) {
    Map<MigratedCluster, String> failures = new HashMap<>(lost);
    failures.keySet().retainAll(clusters);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<MigratedCluster, Future<?>> running =
          but(clusters, lost).stream()
              .collect(
                  Collectors.toMap(
                      Function.identity(),
                      cluster -> threads.submit(() -> change.accept(cluster))));
      for (Map.Entry<MigratedCluster, Future<?>> one : running.entrySet()) {
        try {
          one.getValue().get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof ClusterException known)) {
            throw new IllegalStateException("a defect of tandem migrate", e.getCause());
          }
          failures.put(one.getKey(), String.valueOf(known.getMessage()));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          failures.put(one.getKey(), one.getKey().name() + ": interrupted");
        }
      }
    }
    return failures;
  }

  private static List<String> names(List<MigratedCluster> clusters) {
    return clusters.stream().map(MigratedCluster::name).sorted().toList();
  }

  private Instant now() {
    return clock.instant();
  }
}
