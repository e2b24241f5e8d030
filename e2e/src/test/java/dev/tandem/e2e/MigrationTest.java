package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.RunningLoad;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.cluster.Workload;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.report.Timeline;
import dev.tandem.e2e.report.Timeline.Mark;
import dev.tandem.e2e.tool.Tool;
import dev.tandem.user.v2.GetUserRequest;
import dev.tandem.user.v2.UserServiceGrpc;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("by-name")
@Proof("A service moves to its next version in every cluster together")
@Order(8)
final class MigrationTest {
  private static final double LOOKUPS_PER_SECOND = 80;
  private static final double CHARGES_PER_SECOND = 10;
  private static final int KEY_FIELD = 1;
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String VERSION = "TANDEM_USER_NEWEST_VERSION";
  private static final String CALLED = "TANDEM_PAYMENT_USER_VERSION";
  private static final String[] MIGRATION = {
    "--from=tandem.user.v1", "--to=tandem.user.v2", "--set=" + VERSION + "=v2", "--patience=180"
  };

  @Test
  @Order(1)
  void noCallIsLostOnTheWayAndBack(Clusters clusters, Undo undo, Evidence evidence) {
    clusters.all().forEach(cluster -> becomesAnOldServer(cluster, undo));
    undo.add("put user back as it was", () -> tandem("migrate", "rollback", "user"));
    Map<LiveCluster, RunningLoad> lookups = new LinkedHashMap<>();
    Map<LiveCluster, RunningLoad> charges = new LinkedHashMap<>();
    String keys = "migration-" + UUID.randomUUID() + "-";
    try {
      for (LiveCluster cluster : clusters.all()) {
        lookups.put(
            cluster,
            cluster.caller().load(Work.getUser(Users.ONE), LoadShape.steady(LOOKUPS_PER_SECOND)));
        charges.put(
            cluster,
            cluster
                .caller()
                .load(
                    Work.charge(Charges.of(100)).numbering(KEY_FIELD, keys + cluster.name() + "-"),
                    LoadShape.steady(CHARGES_PER_SECOND)));
      }
      RunningLoad first = lookups.values().iterator().next();
      first.await("calls to be answered", LIMIT, so -> so.size() >= 100);
      List<Mark> marks = new ArrayList<>();

      reach("shifted-20", first, marks);
      newClientsAreServed(clusters);
      theNewDeploymentGetsItsShare(clusters, 20, evidence);
      assertThat(outcome(migrate("undo")))
          .as("one step back by one command")
          .containsEntry("to", "shifted-5");
      marks.add(new Mark(first.elapsed(), "undone to 5 %"));
      reach("deprecated", first, marks);

      Map<LiveCluster, Ledger> before = new LinkedHashMap<>();
      lookups.forEach((cluster, load) -> before.put(cluster, load.stop()));
      before.forEach(
          (cluster, ledger) -> {
            ledger.assertAllOk("while user moved to its next version and once back");
            evidence.shows(
                Timeline.of(
                    "Calls a second from %s, by the cluster that answered"
                        .formatted(cluster.name()),
                    ledger,
                    clusters.names(),
                    marks));
            evidence.says(
                "%s: %s; the new deployment answered %d.",
                ledger.what(), ledger.figures(), byCandidate(ledger));
          });

      undo.add("let payment call v1 again", () -> paymentCalls(clusters, CALLED + "-"));
      paymentCalls(clusters, CALLED + "=v2");
      retiresAndComesBack(clusters, evidence);
      paymentCalls(clusters, CALLED + "-");
      assertThat(outcome(migrate("rollback"))).containsEntry("to", "untouched");
      accountForEveryCharge(clusters, charges, keys, evidence);
    } finally {
      lookups.values().forEach(RunningLoad::close);
      charges.values().forEach(RunningLoad::close);
    }
  }

  /** What is deployed serves both versions: here it is to be the server of before. */
  private static void becomesAnOldServer(LiveCluster cluster, Undo undo) {
    Workload user = cluster.deployment("user");
    undo.add(
        "let user in %s serve both versions again".formatted(cluster.name()),
        () ->
            cluster.kubectl().run("-n", "tandem", "set", "env", "deployment/user", VERSION + "-"));
    cluster
        .kubectl()
        .run("-n", "tandem", "set", "env", "deployment/user", VERSION + "=v1")
        .orFail();
    cluster
        .kubectl()
        .run("-n", "tandem", "rollout", "status", "deployment/user", "--timeout=4m")
        .orFail();
    user.awaitAvailable();
  }

  /** Payment is a client of user, too: it moves before its version is retired. */
  private static void paymentCalls(Clusters clusters, String setting) {
    for (LiveCluster cluster : clusters.all()) {
      cluster.kubectl().run("-n", "tandem", "set", "env", "deployment/payment", setting).orFail();
    }
    for (LiveCluster cluster : clusters.all()) {
      cluster
          .kubectl()
          .run("-n", "tandem", "rollout", "status", "deployment/payment", "--timeout=4m")
          .orFail();
      cluster.deployment("payment").awaitNobodyLeaving();
    }
  }

  private static void newClientsAreServed(Clusters clusters) {
    for (LiveCluster cluster : clusters.all()) {
      Call call =
          cluster
              .caller()
              .call(
                  Work.unary(
                      Work.USER,
                      UserServiceGrpc.getGetUserMethod(),
                      GetUserRequest.newBuilder().setUserId(Users.ONE).build()));
      assertThat(call.ok()).as("v2 from %s: %s", cluster.name(), call.describe()).isTrue();
      assertThat(call.pod()).as("who answers v2").startsWith("user-candidate-");
    }
  }

  /**
   * Which deployment answers is chance for each call. Of 1,000 calls at 20 % one share in twenty is
   * more than 2.5 points off; of 4,000 calls one in 15,000.
   */
  private static void theNewDeploymentGetsItsShare(
      Clusters clusters, int percent, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      Ledger ledger = cluster.caller().run(Work.getUser(Users.ONE), LoadShape.of(4000, 200));
      double share = 100.0 * byCandidate(ledger) / ledger.size();
      assertThat(share).as("share of %s", ledger.what()).isCloseTo(percent, within(2.5));
      evidence.says(
          "%s at %d %%: the new deployment answered %.2f %% of %d calls.",
          ledger.what(), percent, share, ledger.size());
    }
  }

  private static void reach(String phase, RunningLoad load, List<Mark> marks) {
    assertThat(outcome(run("--until=" + phase))).as("to " + phase).containsEntry("phase", phase);
    marks.add(new Mark(load.elapsed(), phase));
  }

  private static void retiresAndComesBack(Clusters clusters, Evidence evidence) {
    assertThat(outcome(run("--until=retired"))).containsEntry("phase", "retired");
    for (LiveCluster cluster : clusters.all()) {
      Call refused = cluster.caller().call(Work.getUser(Users.ONE));
      assertThat(refused.status())
          .as("v1 from " + cluster.name())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(refused.message()).contains("tandem.user.v2");
    }
    assertThat(outcome(migrate("undo"))).containsEntry("to", "deprecated");
    for (LiveCluster cluster : clusters.all()) {
      assertThat(cluster.caller().call(Work.getUser(Users.ONE)).ok())
          .as("v1 from %s after one step back", cluster.name())
          .isTrue();
    }
    evidence.says(
        "Retired, v1 is refused in every cluster with UNIMPLEMENTED and its successor; one command brings it back.");
  }

  /** Sent, acknowledged and stored are one number, and nothing is stored twice. */
  private static void accountForEveryCharge(
      Clusters clusters, Map<LiveCluster, RunningLoad> charges, String keys, Evidence evidence) {
    long acknowledged = 0;
    for (RunningLoad load : charges.values()) {
      Ledger ledger = load.stop();
      ledger.assertAllOk("while the user service under it was migrated");
      acknowledged += ledger.size();
    }
    long stored = Charges.storedUnderKeysFrom(clusters, keys);
    assertThat(stored).as("payments in the database").isEqualTo(acknowledged);
    evidence.says(
        "%d charges were sent meanwhile, %d acknowledged, %d stored.",
        acknowledged, acknowledged, stored);
  }

  @Test
  @Order(2)
  void aNewDeploymentThatCrashesIsTakenAwayInEveryCluster(
      Clusters clusters, Undo undo, Evidence evidence) {
    undo.add("put user back as it was", () -> tandem("migrate", "rollback", "user"));

    Map<String, String> outcome = outcome(run("--until=beside", "--set=" + VERSION + "=v9"));

    assertThat(outcome).containsEntry("outcome", "rolled-back").containsEntry("to", "untouched");
    for (LiveCluster cluster : clusters.all()) {
      assertThat(
              cluster
                  .kubernetes()
                  .apps()
                  .deployments()
                  .inNamespace(LiveCluster.NAMESPACE)
                  .withName("user-candidate")
                  .get())
          .as("the new deployment in " + cluster.name())
          .isNull();
    }
    evidence.says("A new deployment that does not start: %s.", outcome.getOrDefault("reason", ""));
  }

  @Test
  @Order(3)
  void badInputIsRefusedAndChangesNothing() {
    for (String[] bad :
        List.of(
            new String[] {"usr", "--from=tandem.user.v1", "--to=tandem.user.v2"},
            new String[] {"user", "--from=tandem.user.v1", "--to=tandem.user.v3"},
            new String[] {
              "user", "--from=tandem.user.v1", "--to=tandem.user.v2", "--shares=10,50"
            })) {
      List<String> arguments = new ArrayList<>(List.of("migrate", "plan"));
      arguments.addAll(Arrays.asList(bad));
      assertThat(tandem(arguments.toArray(String[]::new)).exitCode())
          .as(String.join(" ", bad))
          .isEqualTo(2);
    }
    assertThat(tandem("status").out()).contains("no migration is under way");
  }

  private static long byCandidate(Ledger ledger) {
    return ledger.calls().stream().filter(call -> call.pod().startsWith("user-candidate-")).count();
  }

  private static Tool.Output run(String... options) {
    List<String> arguments = new ArrayList<>(List.of("migrate", "run", "user"));
    arguments.addAll(Arrays.asList(MIGRATION));
    arguments.addAll(Arrays.asList(options));
    arguments.add("--output=json");
    return tandem(arguments.toArray(String[]::new));
  }

  private static Tool.Output migrate(String step) {
    return tandem("migrate", step, "user", "--output=json");
  }

  /** The outcome's texts; what the command said besides is in the failure. */
  private static Map<String, String> outcome(Tool.Output output) {
    assertThat(output.out()).as(output.all()).startsWith("{");
    JsonObject json = JsonParser.parseString(output.out()).getAsJsonObject();
    Map<String, String> texts = new LinkedHashMap<>();
    json.entrySet().stream()
        .filter(entry -> entry.getValue().isJsonPrimitive())
        .forEach(entry -> texts.put(entry.getKey(), entry.getValue().getAsString()));
    return texts;
  }

  private static Tool.Output tandem(String... arguments) {
    Path root = Path.of(System.getProperty("tandem.root", "..")).toAbsolutePath().normalize();
    return new Tool(List.of(root.resolve("scripts/tandem").toString()))
        .run(withPaths(root, arguments));
  }

  private static String[] withPaths(Path root, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--file=" + root.resolve("clusters/topology.yaml"));
    if (all.contains("run") || all.contains("plan")) {
      all.add("--contracts=" + root.resolve("proto"));
    }
    return all.toArray(String[]::new);
  }
}
