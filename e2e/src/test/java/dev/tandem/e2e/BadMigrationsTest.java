package dev.tandem.e2e;

import static dev.tandem.e2e.TandemCommand.outcome;
import static dev.tandem.e2e.TandemCommand.run;
import static dev.tandem.e2e.TandemCommand.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.drill.Fault;
import dev.tandem.e2e.drill.SidecarFault;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code make rehearse-migration}: what must not become the next version. */
@Tag("by-name")
@Proof("A bad version is taken back by itself, in every cluster")
@Order(9)
final class BadMigrationsTest {
  private static final double LOOKUPS_PER_SECOND = 40;
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration LATE = Duration.ofMillis(1500);
  private static final Map<String, String> CANDIDATE =
      Map.of("app.kubernetes.io/name", "user", "tandem.dev/track", "candidate");
  private static final String SERVES_BOTH = "--set=" + TandemCommand.NEWEST_VERSION + "=v2";
  private static final String COURSE = "--shares=20,100";

  /** A directory in which ada is somebody else, beside the right one. */
  private static final String WRONG_USERS =
      "{\"users\": [{\"user_id\": \"ada\", \"name\": \"Nobody\", \"age\": 1, \"email\": \"nobody@example.com\"}]}";

  @Test
  @Order(1)
  void whatDoesNotStartIsTakenAway(Clusters clusters, Undo undo, Evidence evidence) {
    undo.add("put user back as it was", () -> step("rollback"));
    for (String bad :
        List.of(
            "--set=" + TandemCommand.NEWEST_VERSION + "=v9",
            "--image=registry.tandem.internal/user:not-there")) {
      Map<String, String> outcome = outcome(run("--until=beside", bad));

      assertThat(outcome).containsEntry("outcome", "rolled-back").containsEntry("to", "untouched");
      assertThat(candidates(clusters)).as("new deployments").isEmpty();
      evidence.says(
          "%s: %s, after %s ms.",
          bad, outcome.getOrDefault("reason", ""), outcome.getOrDefault("millis", ""));
    }
  }

  @Test
  @Order(2)
  void whatIsSlowOrFailsIsTakenBackBeforeCallersFeelIt(
      Clusters clusters, Undo undo, Evidence evidence) {
    undo.add("put user back as it was", () -> step("rollback"));
    try (SteadyCalls lookups = lookups(clusters)) {
      assertThat(outcome(run("--until=beside", SERVES_BOTH, COURSE)))
          .containsEntry("phase", "beside");

      befalls(
          "slow",
          clusters.all(),
          cluster -> SidecarFault.late(clusters, cluster, CANDIDATE, LATE),
          Expected.backFrom("mirrored", "beside"),
          undo,
          evidence,
          "--until=mirrored",
          "--patience=20");
      befalls(
          "failing one call in twenty",
          clusters.all(),
          cluster -> SidecarFault.failing(clusters, cluster, CANDIDATE, 5),
          Expected.backFrom("shifted-20", "mirrored"),
          undo,
          evidence,
          "--until=shifted-20",
          "--patience=120");
      befalls(
          "failing in one cluster only",
          List.of(clusters.all().getLast()),
          cluster -> SidecarFault.failing(clusters, cluster, CANDIDATE, 50),
          Expected.backFrom("shifted-20", "mirrored"),
          undo,
          evidence,
          "--until=shifted-20",
          "--patience=120");
      assertThat(outcome(step("rollback"))).containsEntry("to", "untouched");

      for (LiveCluster cluster : clusters.all()) {
        lookups.endFrom(cluster, "while bad versions were tried");
        evidence.says(
            "%s meanwhile: %s.", lookups.ledger(cluster).what(), lookups.ledger(cluster).figures());
      }
    }
  }

  private record Expected(String from, String to) {
    static Expected backFrom(String from, String to) {
      return new Expected(from, to);
    }
  }

  private static void befalls(
      String what,
      List<LiveCluster> where,
      Function<LiveCluster, Fault> fault,
      Expected expected,
      Undo undo,
      Evidence evidence,
      String... options) {
    List<Fault> faults = where.stream().map(fault).toList();
    faults.forEach(
        one -> {
          undo.add("end what is " + what, one::repair);
          one.strike();
        });
    Tool.Output output = run(options[0], options[1], SERVES_BOTH, COURSE);
    faults.forEach(Fault::repair);

    Map<String, String> outcome = outcome(output);
    assertThat(outcome)
        .as("%s: %s", what, output.all())
        .containsEntry("outcome", "rolled-back")
        .containsEntry("from", expected.from)
        .containsEntry("to", expected.to)
        .containsEntry("unreachable", "[]");
    evidence.says(
        "A new deployment that is %s: %s → %s in %s ms: %s.",
        what,
        expected.from,
        expected.to,
        outcome.getOrDefault("millis", ""),
        outcome.getOrDefault("reason", ""));
  }

  @Test
  @Order(3)
  void wrongAnswersAreFoundByTheMirror(Clusters clusters, Undo undo, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      undo.add(
          "remove the wrong users in " + cluster.name(), () -> addFile(cluster, JsonNull.INSTANCE));
      addFile(cluster, new JsonPrimitive(WRONG_USERS));
    }
    undo.add("put user back as it was", () -> step("rollback"));
    String[] wrong = {
      SERVES_BOTH, COURSE, "--set=TANDEM_USER_DIRECTORY=/etc/tandem/users/wrong.json"
    };
    try (SteadyCalls lookups = lookups(clusters)) {
      CompletableFuture<Tool.Output> first =
          CompletableFuture.supplyAsync(
              () -> run(wrong[0], wrong[1], wrong[2], "--until=mirrored"),
              task -> Thread.ofPlatform().start(task));
      awaitLease(clusters.all().getFirst());
      Map<String, String> second = outcome(run(SERVES_BOTH, "--until=beside"));
      assertThat(second).as("two at once").containsEntry("outcome", "refused");
      assertThat(second.getOrDefault("problems", "")).contains("is being migrated by");

      Map<String, String> outcome = outcome(first.join());
      assertThat(outcome)
          .containsEntry("outcome", "rolled-back")
          .containsEntry("from", "mirrored")
          .containsEntry("to", "beside");
      assertThat(outcome.getOrDefault("reason", "")).contains("answers differ");
      evidence.says(
          "A new deployment that answers wrongly: mirrored → beside in %s ms: %s.",
          outcome.getOrDefault("millis", ""), outcome.getOrDefault("reason", ""));
      assertThat(outcome(step("rollback"))).containsEntry("to", "untouched");
      clusters
          .all()
          .forEach(cluster -> lookups.endFrom(cluster, "while a wrong version was mirrored"));
    }
  }

  /** Beside users.json, in the directory that a pod mounts when it starts. */
  private static void addFile(LiveCluster cluster, JsonElement content) {
    JsonObject data = new JsonObject();
    data.add("wrong.json", content);
    JsonObject patch = new JsonObject();
    patch.add("data", data);
    cluster
        .kubectl()
        .run("-n", "tandem", "patch", "configmap", "user", "--type=merge", "--patch=" + patch)
        .orFail();
  }

  private static void awaitLease(LiveCluster cluster) {
    Await.until(
        "the first command to be at work",
        LIMIT,
        () ->
            cluster
                        .kubernetes()
                        .leases()
                        .inNamespace(LiveCluster.NAMESPACE)
                        .withName("tandem-migration-user")
                        .get()
                    == null
                ? Optional.of("nobody has the lease")
                : Optional.empty());
  }

  private static SteadyCalls lookups(Clusters clusters) {
    SteadyCalls lookups = new SteadyCalls(_ -> Work.getUser(Users.ONE), LOOKUPS_PER_SECOND);
    clusters.all().forEach(lookups::beginFrom);
    return lookups;
  }

  private static List<String> candidates(Clusters clusters) {
    return clusters.all().stream()
        .flatMap(
            cluster ->
                cluster
                    .kubernetes()
                    .apps()
                    .deployments()
                    .inNamespace(LiveCluster.NAMESPACE)
                    .list()
                    .getItems()
                    .stream())
        .map(deployment -> deployment.getMetadata().getName())
        .filter(name -> name.endsWith("-candidate"))
        .toList();
  }
}
