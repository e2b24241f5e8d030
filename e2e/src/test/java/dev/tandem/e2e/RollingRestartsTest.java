package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.RunningLoad;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.Exits;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.cluster.Workload;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.report.Timeline;
import dev.tandem.e2e.report.Timeline.Mark;
import dev.tandem.payment.v1.ChargeRequest;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Restarts every pod of both services, one after the other, again and again, while the callers of
 * all clusters look up users, watch users and charge. {@code -Dtandem.restarts=100} is how often.
 */
@Proof("Rolling restarts lose no call and no payment")
@Order(8)
final class RollingRestartsTest {
  private static final int RESTARTS = Integer.getInteger("tandem.restarts", 10);
  private static final List<String> SERVICES = List.of("user", "payment");
  private static final Duration LONGEST_RESTART = Duration.ofMinutes(3);
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final double LOOKUPS_PER_SECOND = 20;
  private static final double WATCHES_PER_SECOND = 1;
  private static final double CHARGES_PER_SECOND = 5;

  /**
   * Longer than a pod that was told to go still takes calls, so that restarts meet open watches.
   */
  private static final Duration HOLD = Duration.ofSeconds(15);

  /** The next cluster's turn comes when all answers have been quick for so long. */
  private static final Duration CALM = Duration.ofSeconds(4);

  private static final int SHOWN = 12;

  /** Beside the report. */
  private static final Path FAILURES = Path.of("target", "report", "restarts-failures.txt");

  /** One service's turn in one cluster in one restart, in the test's time. */
  private record Turn(int restart, Workload workload, Duration began, Duration ended) {
    boolean covers(Duration instant) {
      return instant.compareTo(began) >= 0 && instant.compareTo(ended) <= 0;
    }

    String describe(Duration instant) {
      return String.format(
          Locale.ROOT,
          "%.1f s into restart %d of %s, which took %.1f s",
          seconds(instant.minus(began)),
          restart,
          workload,
          seconds(ended.minus(began)));
    }
  }

  /**
   * A load with the test's time.
   *
   * @param offset the load's start in the test's time
   * @param calm so many quick answers in a row are calm; zero: its calls are meant to be long
   */
  private record Load(LiveCluster cluster, RunningLoad running, Duration offset, int calm) {}

  /** A load's end. */
  private record Ended(Load load, Ledger ledger) {}

  private final long testStart = System.nanoTime();

  private Duration now() {
    return Duration.ofNanos(System.nanoTime() - testStart);
  }

  /** A hundred restarts take longer than any other proof; each has a limit of its own. */
  @Test
  @Timeout(value = 4, unit = TimeUnit.HOURS)
  void noCallFailsAndNoPaymentIsLostOrDoubled(Clusters clusters, Undo undo, Evidence evidence) {
    String prefix = "restarts-" + UUID.randomUUID().toString().substring(0, 8) + "-";
    Duration longest =
        LONGEST_RESTART
            .multipliedBy((long) RESTARTS * clusters.all().size() * SERVICES.size())
            .plus(LIMIT);
    List<Load> loads = new ArrayList<>();
    List<Exits> exits = new ArrayList<>();
    List<Workload> workloads =
        clusters.all().stream()
            .flatMap(cluster -> SERVICES.stream().map(cluster::deployment))
            .toList();
    workloads.forEach(
        workload -> undo.add("let %s roll out".formatted(workload), workload::awaitRollout));
    WarmUp.of(clusters.all(), () -> List.of(Work.getUser(Users.ONE), Charges.each(100, "warm-")));
    try {
      for (LiveCluster cluster : clusters.all()) {
        loads.add(
            start(
                cluster,
                Work.getUser(Users.ONE),
                LoadShape.steady(LOOKUPS_PER_SECOND, longest),
                calm(LOOKUPS_PER_SECOND)));
        loads.add(
            start(
                cluster,
                Work.watchUser(Users.ONE, HOLD),
                LoadShape.steady(WATCHES_PER_SECOND, longest),
                0));
        loads.add(
            start(
                cluster,
                Work.charge(Charges.of(100))
                    .numbering(
                        ChargeRequest.IDEMPOTENCY_KEY_FIELD_NUMBER, prefix + cluster.name() + "-"),
                LoadShape.steady(CHARGES_PER_SECOND, longest),
                calm(CHARGES_PER_SECOND)));
      }
      workloads.forEach(workload -> exits.add(Exits.of(workload)));
      loads.forEach(load -> load.running.await("calls to end", LIMIT, so -> so.size() >= 5));

      List<Turn> turns = restartAll(workloads, loads);
      workloads.forEach(Workload::awaitNobodyLeaving);
      List<Ended> ended = loads.stream().map(load -> new Ended(load, load.running.stop())).toList();

      say(evidence, clusters, turns, ended);
      List<String> failures = failures(ended, turns);
      keep(failures);
      assertThat(few(failures))
          .as(
              "%d calls failed during %d rolling restarts of %s in %s, by status %s; the first of them",
              failures.size(), RESTARTS, SERVICES, clusters.names(), statuses(ended))
          .isEmpty();
      assertPayments(clusters, prefix, ended, evidence);
      assertExits(exits, evidence);
    } finally {
      loads.forEach(load -> load.running.close());
      exits.forEach(Exits::close);
    }
  }

  private static int calm(double callsPerSecond) {
    return (int) (callsPerSecond * CALM.toSeconds());
  }

  private Load start(LiveCluster cluster, Work work, LoadShape shape, int calm) {
    RunningLoad running = cluster.caller().load(work, shape);
    return new Load(cluster, running, now().minus(running.elapsed()), calm);
  }

  /**
   * As one releases: one service after the other, cluster by cluster, and the next when callers
   * notice nothing more of the last.
   */
  private List<Turn> restartAll(List<Workload> workloads, List<Load> loads) {
    List<Turn> turns = new ArrayList<>();
    for (int restart = 1; restart <= RESTARTS; restart++) {
      for (Workload workload : workloads) {
        Duration began = now();
        workload.restart();
        workload.awaitRollout();
        Turn turn = new Turn(restart, workload, began, now());
        turns.add(turn);
        loads.stream()
            .filter(load -> load.calm > 0)
            .forEach(load -> WarmUp.awaitQuick(load.running, load.calm));
        System.out.printf(
            Locale.ROOT,
            "    restart %d of %d, %s: %.1f s%n",
            restart,
            RESTARTS,
            workload,
            seconds(turn.ended.minus(began)));
      }
    }
    return turns;
  }

  private static void say(
      Evidence evidence, Clusters clusters, List<Turn> turns, List<Ended> ended) {
    List<Duration> lengths =
        turns.stream().map(turn -> turn.ended.minus(turn.began)).sorted().toList();
    evidence.says(
        "%d rolling restarts of %s in %s, one after the other, in %.0f s (a turn: median %.1f s, longest %.1f s).",
        RESTARTS,
        String.join(" and ", SERVICES),
        String.join(" and ", clusters.names()),
        seconds(turns.getLast().ended.minus(turns.getFirst().began)),
        seconds(lengths.get(lengths.size() / 2)),
        seconds(lengths.getLast()));
    for (Ended each : ended) {
      Ledger ledger = each.ledger;
      evidence.says("%s: %s.", ledger.what(), ledger.figures());
      if (ledger.what().startsWith("WatchUser")) {
        evidence.says(
            "Of these watches, %d were ended early by a server that went away: with OK, the state having been sent.",
            ledger.calls().stream().filter(RollingRestartsTest::movedOn).count());
      }
      if (ledger.what().startsWith("GetUser")) {
        evidence.shows(
            Timeline.of(
                ledger.what() + ", calls a second while every pod is replaced, again and again",
                ledger,
                clusters.names(),
                turns.size() > SHOWN * 4
                    ? List.of()
                    : turns.stream()
                        .map(
                            turn ->
                                new Mark(
                                    turn.began.minus(each.load.offset),
                                    "restart %d of %s".formatted(turn.restart, turn.workload)))
                        .toList()));
      }
    }
  }

  /**
   * A watch that gave what it is for, and that its server ended: not a failure, its contract says.
   */
  private static boolean movedOn(Call call) {
    return call.ok() && call.messages() > 0 && call.latency().compareTo(HOLD) < 0;
  }

  /** Every call that failed, with where in which restart it was meant to start. */
  private static List<String> failures(List<Ended> ended, List<Turn> turns) {
    List<String> failures = new ArrayList<>();
    for (Ended each : ended) {
      for (Call call : each.ledger.calls()) {
        if (!call.ok() || call.messages() == 0) {
          Duration start = each.load.offset.plus(call.start());
          Duration end = each.load.offset.plus(call.end());
          failures.add(
              "%s: %s; it began %s and ended %s"
                  .formatted(
                      each.ledger.what(), call.describe(), when(start, turns), when(end, turns)));
        }
      }
    }
    return failures;
  }

  /** All of them, for whoever has to find out why. */
  private static void keep(List<String> failures) {
    try {
      Files.createDirectories(FAILURES.getParent());
      Files.write(FAILURES, failures);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + FAILURES, e);
    }
  }

  private static Map<String, Map<Status.Code, Long>> statuses(List<Ended> ended) {
    Map<String, Map<Status.Code, Long>> statuses = new TreeMap<>();
    ended.forEach(each -> statuses.put(each.ledger.what(), each.ledger.failed().byStatus()));
    return statuses;
  }

  private static String when(Duration instant, List<Turn> turns) {
    return turns.stream()
        .filter(turn -> turn.covers(instant))
        .map(turn -> turn.describe(instant))
        .findFirst()
        .orElse("between restarts");
  }

  /** Acknowledged keys are stored keys: each once, and no other. */
  private static void assertPayments(
      Clusters clusters, String prefix, List<Ended> ended, Evidence evidence) {
    Set<String> acknowledged = new TreeSet<>();
    for (Ended each : ended) {
      if (each.ledger.what().startsWith("Charge")) {
        each.ledger.calls().stream()
            .filter(Call::ok)
            .map(call -> prefix + each.load.cluster.name() + "-" + call.sequence())
            .forEach(acknowledged::add);
      }
    }
    Map<String, Long> stored = Charges.storedByKey(clusters, prefix);
    List<String> lost = acknowledged.stream().filter(key -> !stored.containsKey(key)).toList();
    List<String> doubled =
        stored.entrySet().stream()
            .filter(entry -> entry.getValue() > 1)
            .map(entry -> entry.getKey() + " × " + entry.getValue())
            .toList();
    List<String> unknown =
        stored.keySet().stream().filter(key -> !acknowledged.contains(key)).toList();
    evidence.says(
        "%d payments acknowledged, %d rows in the database under their keys: %d lost, %d doubled, %d that nobody was told of.",
        acknowledged.size(),
        stored.values().stream().mapToLong(Long::longValue).sum(),
        lost.size(),
        doubled.size(),
        unknown.size());
    assertThat(few(lost)).as("%d payments acknowledged and not stored", lost.size()).isEmpty();
    assertThat(few(doubled)).as("%d keys with more than one payment", doubled.size()).isEmpty();
    assertThat(few(unknown))
        .as("%d payments stored and never acknowledged", unknown.size())
        .isEmpty();
  }

  private static List<String> few(Collection<String> all) {
    return all.stream().limit(SHOWN).collect(Collectors.toList());
  }

  private static void assertExits(List<Exits> exits, Evidence evidence) {
    Map<String, Integer> codes = new TreeMap<>();
    exits.forEach(each -> codes.putAll(each.codes()));
    evidence.says(
        "%d containers were seen to end; their exit codes: %s.",
        codes.size(),
        codes.values().stream()
            .collect(Collectors.groupingBy(code -> code, TreeMap::new, Collectors.counting())));
    assertThat(codes).as("exit codes of the containers that were replaced").isNotEmpty();
    assertThat(codes.entrySet().stream().filter(entry -> entry.getValue() != 0).toList())
        .as("containers that did not end with 0 (137: killed, its grace period was too short)")
        .isEmpty();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
