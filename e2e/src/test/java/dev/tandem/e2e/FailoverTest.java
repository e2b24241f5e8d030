package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("A cluster without local replicas is served by another")
@Order(4)
final class FailoverTest {
  private static final double CALLS_PER_SECOND = 50;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Test
  void noCallFailsWhileACallersOwnClusterHasNoReplicas(
      Clusters clusters, Undo undo, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      loseLocalReplicas(clusters, cluster, undo, evidence);
    }
  }

  private static void loseLocalReplicas(
      Clusters clusters, LiveCluster cluster, Undo undo, Evidence evidence) {
    Workload user = cluster.deployment("user");
    int replicas = user.replicas();
    try (RunningLoad load =
        cluster.caller().load(Work.getUser(Users.ONE), LoadShape.steady(CALLS_PER_SECOND))) {
      load.await(
          "its own cluster to answer", LIMIT, so -> so.servedBy(cluster.name()).size() >= 50);

      Duration scaledDown = load.elapsed();
      user.scale(0, undo);
      user.awaitGone();
      Duration gone = load.elapsed();
      load.await(
          "300 calls that started after the last pod was gone",
          LIMIT,
          so -> so.startedSince(gone).size() >= 300);

      Duration scaledUp = load.elapsed();
      user.scaleTo(replicas);
      user.awaitAvailable();
      Duration available = load.elapsed();
      load.await(
          "its own cluster to answer again",
          LIMIT,
          so -> so.startedSince(available).servedBy(cluster.name()).size() >= 100);
      Ledger ledger = load.stop();

      evidence.shows(
          Timeline.of(
              "Calls a second from %s, by the cluster that answered".formatted(cluster.name()),
              ledger,
              clusters.names(),
              List.of(
                  new Mark(scaledDown, "user in %s scaled to 0".formatted(cluster.name())),
                  new Mark(gone, "its last pod gone"),
                  new Mark(scaledUp, "scaled back to %d".formatted(replicas)),
                  new Mark(available, "its pods available"))));
      ledger.assertAllOk("while user in %s was scaled to 0 and back".formatted(cluster.name()));
      Ledger without = ledger.startedSince(gone).startedBefore(scaledUp);
      assertThat(without.byCluster())
          .as("who answered %s while user had no pods there", ledger.what())
          .doesNotContainKeys(cluster.name(), "nobody");
      Ledger home = ledger.startedSince(scaledUp).servedBy(cluster.name());
      Duration firstHome =
          home.calls().stream().map(call -> call.start()).min(Duration::compareTo).orElseThrow();
      evidence.says(
          "%s at %.0f a second, the local replicas scaled from %d to 0 and back: %s.",
          ledger.what(), CALLS_PER_SECOND, replicas, ledger.figures());
      evidence.says(
          "Without local pods for %.1f s, all %d calls were served elsewhere %s: p50 %s, p99 %s; the first call was home %.1f s after scaling back.",
          scaledUp.minus(gone).toMillis() / 1000.0,
          without.size(),
          without.byCluster(),
          Ledger.millis(without.latency(0.5)),
          Ledger.millis(without.latency(0.99)),
          firstHome.minus(scaledUp).toMillis() / 1000.0);
    }
  }
}
