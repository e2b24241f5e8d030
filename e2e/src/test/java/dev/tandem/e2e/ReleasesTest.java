package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
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
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Releases change and change back under load")
@Order(7)
final class ReleasesTest {
  private static final String RELEASE = "user";
  private static final String VARIABLE = "TANDEM_E2E_MARK";
  private static final double CALLS_PER_SECOND = 25;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Test
  @Order(1)
  void helmTestPassesForEveryReleaseOfEveryCluster(Clusters clusters, Evidence evidence) {
    // A test is a pod that starts, calls and ends: the clusters need not wait for each other.
    Map<LiveCluster, CompletableFuture<List<String>>> tested = new LinkedHashMap<>();
    for (LiveCluster cluster : clusters.all()) {
      tested.put(
          cluster,
          CompletableFuture.supplyAsync(
              () -> testReleases(cluster), task -> Thread.ofPlatform().start(task)));
    }
    tested.forEach(
        (cluster, passed) -> {
          assertThat(passed.join())
              .as("releases of " + cluster)
              .contains("user", "payment", "caller");
          evidence.says(
              "helm test passes in %s for %s.", cluster.name(), String.join(", ", passed.join()));
        });
  }

  private static List<String> testReleases(LiveCluster cluster) {
    List<String> passed = new ArrayList<>();
    JsonArray releases =
        JsonParser.parseString(cluster.helm().run("list", "--output=json").orFail())
            .getAsJsonArray();
    for (JsonElement release : releases) {
      String name = release.getAsJsonObject().get("name").getAsString();
      cluster.helm().run("test", name, "--timeout=3m", "--logs").orFail();
      passed.add(name);
    }
    return passed;
  }

  @Test
  @Order(2)
  void userIsUpgradedAndRolledBackInEveryCluster(Clusters clusters, Undo undo, Evidence evidence) {
    String mark = UUID.randomUUID().toString();
    for (LiveCluster changing : clusters.all()) {
      upgradeAndRollBack(clusters, changing, mark, undo, evidence);
    }
  }

  private static void upgradeAndRollBack(
      Clusters clusters, LiveCluster changing, String mark, Undo undo, Evidence evidence) {
    int before = revision(changing);
    Workload user = changing.deployment(RELEASE);
    Set<String> podsBefore = names(user);
    Map<LiveCluster, RunningLoad> loads = new LinkedHashMap<>();
    try {
      clusters
          .all()
          .forEach(
              cluster ->
                  loads.put(
                      cluster,
                      cluster
                          .caller()
                          .load(Work.getUser(Users.ONE), LoadShape.steady(CALLS_PER_SECOND))));
      RunningLoad own = Objects.requireNonNull(loads.get(changing));
      own.await("calls to be answered", LIMIT, so -> so.size() >= 25);

      undo.add(
          "roll %s in %s back to revision %d".formatted(RELEASE, changing.name(), before),
          () -> {
            if (marks(user).contains(mark)) {
              rollBack(changing, before);
            }
          });
      Duration upgrade = own.elapsed();
      changing
          .helm()
          .run(
              "upgrade",
              RELEASE,
              chart().toString(),
              "--reuse-values",
              "--set-string=environment." + VARIABLE + "=" + mark,
              "--wait",
              "--timeout=5m")
          .orFail();
      user.awaitAvailable();
      Duration upgraded = own.elapsed();
      assertThat(revision(changing))
          .as("revision after the upgrade in " + changing)
          .isEqualTo(before + 1);
      assertThat(marks(user)).as("the changed value in each pod in " + changing).containsOnly(mark);
      Set<String> podsAfter = names(user);
      assertThat(podsAfter)
          .as("pods after the upgrade in " + changing)
          .doesNotContainAnyElementsOf(podsBefore);

      rollBack(changing, before);
      user.awaitAvailable();
      Duration rolledBack = own.elapsed();
      assertThat(revision(changing))
          .as("revision after the rollback in " + changing)
          .isEqualTo(before + 2);
      assertThat(marks(user))
          .as("the changed value after the rollback in " + changing)
          .containsOnly("");
      assertThat(names(user))
          .as("pods after the rollback in " + changing)
          .doesNotContainAnyElementsOf(podsAfter);
      int sent = own.soFar().size();
      own.await("calls after the rollback", LIMIT, so -> so.size() >= sent + 50);

      evidence.says(
          "%s in %s: upgrade to revision %d in %.1f s, rollback as revision %d in %.1f s; every pod was replaced twice.",
          RELEASE,
          changing.name(),
          before + 1,
          upgraded.minus(upgrade).toMillis() / 1000.0,
          before + 2,
          rolledBack.minus(upgraded).toMillis() / 1000.0);
      loads.forEach(
          (cluster, load) -> {
            Ledger ledger = load.stop();
            evidence.shows(
                Timeline.of(
                    "Calls a second from %s while %s of %s rolls"
                        .formatted(cluster.name(), RELEASE, changing.name()),
                    ledger,
                    clusters.names(),
                    List.of(
                        new Mark(upgrade, "upgrade"),
                        new Mark(upgraded, "upgraded, rollback"),
                        new Mark(rolledBack, "rolled back"))));
            evidence.says("Meanwhile %s: %s.", ledger.what(), ledger.figures());
            ledger.assertAllOk(
                "while user in %s rolled and rolled back".formatted(changing.name()));
          });
      clusters
          .all()
          .forEach(
              cluster ->
                  cluster
                      .caller()
                      .run(Work.getUser(Users.ONE), LoadShape.of(50, CALLS_PER_SECOND))
                      .assertAllOk("after the rollback in " + changing.name()));
    } finally {
      loads.values().forEach(RunningLoad::close);
    }
  }

  private static void rollBack(LiveCluster cluster, int revision) {
    cluster
        .helm()
        .run("rollback", RELEASE, Integer.toString(revision), "--wait", "--timeout=5m")
        .orFail();
  }

  private static int revision(LiveCluster cluster) {
    JsonArray history =
        JsonParser.parseString(cluster.helm().run("history", RELEASE, "--output=json").orFail())
            .getAsJsonArray();
    return history.get(history.size() - 1).getAsJsonObject().get("revision").getAsInt();
  }

  private static Set<String> names(Workload workload) {
    return workload.readyPods().stream()
        .map(pod -> pod.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  /** The values of the variable in the workload's pods; empty where a pod has none. */
  private static Set<String> marks(Workload workload) {
    return workload.readyPods().stream().map(ReleasesTest::mark).collect(Collectors.toSet());
  }

  private static String mark(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getName().equals(VARIABLE))
        .map(EnvVar::getValue)
        .findFirst()
        .orElse("");
  }

  private static Path chart() {
    return Path.of(System.getProperty("tandem.root", ".."), "helm-charts", RELEASE);
  }
}
