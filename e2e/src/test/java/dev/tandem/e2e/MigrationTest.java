package dev.tandem.e2e;

import static dev.tandem.e2e.TandemCommand.outcome;
import static dev.tandem.e2e.TandemCommand.run;
import static dev.tandem.e2e.TandemCommand.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonParser;
import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.drill.Fault;
import dev.tandem.e2e.drill.Scene;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.report.Timeline;
import dev.tandem.e2e.report.Timeline.Mark;
import dev.tandem.e2e.tool.Tool;
import dev.tandem.user.v2.GetUserRequest;
import dev.tandem.user.v2.UserServiceGrpc;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("A service moves to its next version in every cluster together")
@Order(8)
final class MigrationTest {
  /** Two cores carry more, but not while all calls are mirrored and JVMs start. */
  private static final double LOOKUPS_PER_SECOND = 60;

  private static final double CHARGES_PER_SECOND = 5;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String CALLED = "TANDEM_PAYMENT_USER_VERSION";
  private static final String CANDIDATE = "user-candidate-";

  /**
   * At one call in a hundred a hundred calls take minutes, and the P99 of thirty is their slowest:
   * where two clusters share two cores, one of thirty may meet a start elsewhere and wait for a
   * second. That a slow version is found is BadMigrationsTest's subject.
   */
  private static final String[] NEXT_VERSION = {
    "--set=" + TandemCommand.NEWEST_VERSION + "=v2",
    "--patience=180",
    "--latency-slack=1000",
    "--minimum-calls=30"
  };

  @Test
  @Order(1)
  void noCallIsLostOnTheWay(Clusters clusters, Undo undo, Evidence evidence) {
    becomesAnOldServer(clusters, undo);
    awaitWarm(clusters.all());
    undo.add("put user back as it was", () -> step("rollback"));
    String keys = "migration-" + UUID.randomUUID() + "-";
    try (SteadyCalls lookups = new SteadyCalls(_ -> Work.getUser(Users.ONE), LOOKUPS_PER_SECOND);
        SteadyCalls charges =
            new SteadyCalls(
                // A cluster's calls begin twice, and each has a key of its own.
                _ -> Charges.each(100, keys),
                CHARGES_PER_SECOND)) {
      Journey journey = new Journey(clusters, lookups, charges, new ArrayList<>(), evidence);
      clusters.all().forEach(journey::begin);

      journey.reach("shifted-20");
      newClientsAreServed(clusters);
      theNewDeploymentGetsItsShare(journey, 20);
      stepBack(journey);
      aClusterIsLostHalfWay(journey, undo);
      journey.reach("deprecated");
      journey.showLookups();

      // Payment is a client of user, too: it moves before its version is retired.
      undo.add("let payment call v1 again", () -> rollOut(clusters, "payment", CALLED + "-"));
      rollOut(clusters, "payment", CALLED + "=v2");
      retiresAndComesBack(clusters, evidence);
      finishes(journey);
      journey.accountForEveryCharge(keys);
    }
  }

  @Test
  @Order(2)
  void badInputIsRefusedAndChangesNothing() {
    for (List<String> bad :
        List.of(
            List.of("usr", "--from=tandem.user.v1", "--to=tandem.user.v2"),
            List.of("user", "--from=tandem.user.v1", "--to=tandem.user.v3"),
            List.of("user", "--from=tandem.user.v1", "--to=tandem.user.v2", "--shares=10,50"))) {
      List<String> arguments = new ArrayList<>(List.of("migrate", "plan"));
      arguments.addAll(bad);
      Tool.Output output = TandemCommand.tandem(arguments);
      assertThat(output.exitCode()).as(String.join(" ", bad)).isEqualTo(2);
      assertThat(outcome(output)).containsEntry("outcome", "refused");
    }
    assertThat(TandemCommand.tandem(List.of("status")).out()).contains("[]");
  }

  /** The calls that are made all the while, and what happened to the clusters meanwhile. */
  private record Journey(
      Clusters clusters,
      SteadyCalls lookups,
      SteadyCalls charges,
      List<Mark> marks,
      Evidence evidence) {

    private static final String CIRCUMSTANCE = "while user moved to its next version";

    void begin(LiveCluster cluster) {
      lookups.beginFrom(cluster);
      charges.beginFrom(cluster);
      lookups.from(cluster).await("calls to be answered", LIMIT, so -> so.size() >= 100);
    }

    void end(LiveCluster cluster) {
      lookups.endFrom(cluster, CIRCUMSTANCE);
      charges.endFrom(cluster, CIRCUMSTANCE);
    }

    void reach(String phase) {
      Tool.Output output = run(with(NEXT_VERSION, "--until=" + phase));
      System.out.print(output.err().indent(6));
      assertThat(outcome(output)).as(output.all()).containsEntry("phase", phase);
      mark(phase);
    }

    void mark(String what) {
      marks.add(new Mark(lookups.elapsed(), what));
      System.out.printf("    %5.1f s: %s%n", lookups.elapsed().toMillis() / 1000.0, what);
    }

    void showLookups() {
      for (LiveCluster cluster : clusters.all()) {
        lookups.endFrom(cluster, CIRCUMSTANCE);
        Ledger ledger = lookups.ledger(cluster);
        evidence.shows(
            Timeline.by(
                MigrationTest::deployment,
                "Calls a second from %s, by the deployment that answered".formatted(cluster.name()),
                ledger,
                clusters.names().stream()
                    .flatMap(name -> Stream.of("old in " + name, "new in " + name))
                    .toList(),
                marks));
        evidence.says(
            "%s: %s; the new deployment answered %d.",
            ledger.what(), ledger.figures(), byCandidate(ledger));
      }
    }

    /** Sent, acknowledged and stored are one number, and nothing is stored twice. */
    void accountForEveryCharge(String keys) {
      long acknowledged = 0;
      for (LiveCluster cluster : clusters.all()) {
        charges.endFrom(cluster, CIRCUMSTANCE);
        acknowledged += charges.ledger(cluster).size();
      }
      long stored = Charges.storedUnderKeysFrom(clusters, keys);
      assertThat(stored).as("payments in the database").isEqualTo(acknowledged);
      evidence.says(
          "%d charges were sent meanwhile, %d acknowledged, %d stored.",
          acknowledged, acknowledged, stored);
    }
  }

  /** What is deployed serves both versions: here it is to be the server of before. */
  private static void becomesAnOldServer(Clusters clusters, Undo undo) {
    undo.add(
        "let user serve both versions again",
        () -> rollOut(clusters, "user", TandemCommand.NEWEST_VERSION + "-"));
    rollOut(clusters, "user", TandemCommand.NEWEST_VERSION + "=v1");
  }

  private static void awaitWarm(List<LiveCluster> callers) {
    WarmUp.of(callers, () -> List.of(Work.getUser(Users.ONE), Charges.each(100, "warm-")));
  }

  /** In all clusters at once: what takes the time is a JVM's start, and pods that leave slowly. */
  private static void rollOut(Clusters clusters, String deployment, String setting) {
    for (LiveCluster cluster : clusters.all()) {
      cluster
          .kubectl()
          .run("-n", "tandem", "set", "env", "deployment/" + deployment, setting)
          .orFail();
    }
    for (LiveCluster cluster : clusters.all()) {
      cluster.deployment(deployment).awaitRollout();
      cluster.deployment(deployment).awaitNobodyLeaving();
    }
  }

  private static void newClientsAreServed(Clusters clusters) {
    for (LiveCluster cluster : clusters.all()) {
      Call call = cluster.caller().call(getUserV2());
      assertThat(call.ok()).as("v2 from %s: %s", cluster.name(), call.describe()).isTrue();
      assertThat(call.pod()).as("who answers v2").startsWith(CANDIDATE);
    }
  }

  /**
   * Which deployment answers is chance for each call. Of 1,000 calls at 20 % one share in twenty is
   * more than 2.5 points off; of 3,000 calls one in 1,600.
   */
  private static void theNewDeploymentGetsItsShare(Journey journey, int percent) {
    Duration since = journey.lookups.elapsed();
    List<Call> calls = new ArrayList<>();
    for (LiveCluster cluster : journey.clusters.all()) {
      int wanted = 3000 / journey.clusters.all().size();
      journey
          .lookups
          .from(cluster)
          .await(
              wanted + " calls more",
              LIMIT,
              _ -> sharedOut(journey, cluster, since).size() >= wanted);
      calls.addAll(sharedOut(journey, cluster, since).calls());
    }
    Ledger all = new Ledger("GetUser", calls);
    double share = 100.0 * byCandidate(all) / all.size();
    assertThat(share).as("the new deployment's share").isCloseTo(percent, within(2.5));
    journey.evidence.says(
        "At %d %% the new deployment answered %.2f %% of %d calls.", percent, share, all.size());
  }

  private static Ledger sharedOut(Journey journey, LiveCluster cluster, Duration since) {
    return journey.lookups.ledger(cluster).startedSince(since);
  }

  private static void stepBack(Journey journey) {
    Map<String, String> outcome = outcome(step("undo"));
    assertThat(outcome).containsEntry("outcome", "rolled-back").containsEntry("to", "shifted-5");
    journey.mark("undone to shifted-5 in %s ms".formatted(outcome.getOrDefault("millis", "")));
  }

  /**
   * The cluster's own callers are lost with it: theirs are no calls until it is back. The others'
   * go on, and so does the migration when every cluster answers again.
   */
  private static void aClusterIsLostHalfWay(Journey journey, Undo undo) {
    Scene scene = Scene.of(TandemCommand.ROOT, journey.clusters);
    LiveCluster survivor = scene.survivors().getFirst();
    journey.end(scene.victim());
    Fault frozen = scene.frozenVictim();
    undo.add("let %s go on".formatted(scene.victim().name()), frozen::repair);
    CompletableFuture<Tool.Output> moving =
        CompletableFuture.supplyAsync(
            () -> run(with(NEXT_VERSION, "--until=deprecated")),
            task -> Thread.ofPlatform().start(task));
    awaitPhase(survivor, phase -> phase.startsWith("shifted-") && !phase.equals("shifted-5"));
    frozen.strike();
    journey.mark("%s stands still".formatted(scene.victim().name()));

    Map<String, String> outcome = outcome(moving.join());
    assertThat(outcome.toString())
        .as("a migration that loses a cluster")
        .contains(scene.victim().name())
        .matches(text -> text.contains("refused") || text.contains("rolled-back"));
    journey.mark("without it the migration is " + outcome.getOrDefault("outcome", ""));
    Map<String, String> undone = outcome(step("undo"));
    assertThat(undone)
        .as("a step back, where it can be made")
        .containsEntry("outcome", "rolled-back")
        .containsEntry("unreachable", "[\"%s\"]".formatted(scene.victim().name()));
    journey.mark(
        "undone to %s after %s ms"
            .formatted(undone.getOrDefault("to", ""), undone.getOrDefault("millis", "")));

    frozen.repair();
    for (String service : List.of("user", "user-candidate", "payment", "caller")) {
      scene.victim().deployment(service).awaitAvailable();
    }
    awaitWarm(List.of(scene.victim()));
    journey.begin(scene.victim());
    journey.mark("%s is back".formatted(scene.victim().name()));
    journey.evidence.says(
        "%s stood still half-way: the migration was %s, one command went back to %s in the other clusters, and their callers"
            + " noticed nothing.",
        scene.victim().name(), outcome.getOrDefault("outcome", ""), undone.getOrDefault("to", ""));
  }

  private static void awaitPhase(LiveCluster cluster, Predicate<String> phase) {
    Await.until(
        "the migration to be half-way",
        LIMIT,
        () -> {
          String seen = phase(cluster);
          return phase.test(seen) ? Optional.empty() : Optional.of("the phase is " + seen);
        });
  }

  private static String phase(LiveCluster cluster) {
    ConfigMap memory =
        cluster
            .kubernetes()
            .configMaps()
            .inNamespace(LiveCluster.NAMESPACE)
            .withName("tandem-migration-user")
            .get();
    return memory == null
        ? "unknown"
        : JsonParser.parseString(memory.getData().get("progress.json"))
            .getAsJsonObject()
            .get("phase")
            .getAsString();
  }

  private static void retiresAndComesBack(Clusters clusters, Evidence evidence) {
    assertThat(outcome(run(with(NEXT_VERSION, "--until=retired"))))
        .containsEntry("phase", "retired");
    for (LiveCluster cluster : clusters.all()) {
      Call refused = cluster.caller().call(Work.getUser(Users.ONE));
      assertThat(refused.status())
          .as("v1 from " + cluster.name())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(refused.message()).contains("tandem.user.v2");
    }
    assertThat(outcome(step("undo"))).containsEntry("to", "deprecated");
    for (LiveCluster cluster : clusters.all()) {
      assertThat(cluster.caller().call(Work.getUser(Users.ONE)).ok())
          .as("v1 from %s after one step back", cluster.name())
          .isTrue();
    }
    evidence.says(
        "Retired, v1 is refused in every cluster with UNIMPLEMENTED and its successor; one command brings it back.");
  }

  /** Payment, which calls v2 by now, notices nothing of it: every charge is accounted for later. */
  private static void finishes(Journey journey) {
    journey.reach("retired");
    Map<String, String> outcome = outcome(step("finish"));
    assertThat(outcome).containsEntry("outcome", "finished");
    for (LiveCluster cluster : journey.clusters.all()) {
      assertThat(phase(cluster)).as("what %s remembers", cluster.name()).isEqualTo("unknown");
      Call call = cluster.caller().call(getUserV2());
      assertThat(call.ok()).as("v2 from %s: %s", cluster.name(), call.describe()).isTrue();
      assertThat(call.pod()).as("who answers v2").doesNotStartWith(CANDIDATE);
    }
    journey.evidence.says(
        "Finished in %s ms: the released deployment serves the new version, the second one is gone.",
        outcome.getOrDefault("millis", ""));
  }

  private static Work getUserV2() {
    return Work.unary(
        Work.USER,
        UserServiceGrpc.getGetUserMethod(),
        GetUserRequest.newBuilder().setUserId(Users.ONE).build());
  }

  private static String deployment(Call call) {
    return "%s in %s".formatted(call.pod().startsWith(CANDIDATE) ? "new" : "old", call.cluster());
  }

  private static long byCandidate(Ledger ledger) {
    return ledger.calls().stream().filter(call -> call.pod().startsWith(CANDIDATE)).count();
  }

  private static String[] with(String[] options, String... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
  }
}
