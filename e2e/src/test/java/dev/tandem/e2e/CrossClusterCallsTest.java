package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Calls cross clusters")
@Order(2)
final class CrossClusterCallsTest {
  @Test
  @Order(1)
  void unaryCallsFromEachClusterAreAnsweredByEveryCluster(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      Ledger ledger = cluster.caller().run(Work.getUser(Users.ONE), LoadShape.of(400, 50));

      ledger.assertAllOk("400 calls at 50 a second");
      assertAnsweredByAll(clusters, ledger);
      evidence.says("%s: %s.", ledger.what(), ledger.figures());
    }
  }

  @Test
  @Order(2)
  void streamsFromEachClusterAreServedByEveryCluster(Clusters clusters, Evidence evidence) {
    Duration hold = Duration.ofSeconds(3);
    for (LiveCluster cluster : clusters.all()) {
      Ledger ledger = cluster.caller().run(Work.watchUser(Users.ONE, hold), LoadShape.of(60, 20));

      ledger.assertAllOk("60 streams, each held for 3 s");
      assertAnsweredByAll(clusters, ledger);
      assertThat(ledger.calls()).allMatch(call -> call.messages() >= 1);
      evidence.says(
          "%s: %d streams, each held for %d s, %d messages in all; streams by cluster: %s; broken: %d.",
          ledger.what(),
          ledger.size(),
          hold.toSeconds(),
          ledger.calls().stream().mapToInt(Call::messages).sum(),
          ledger.byCluster(),
          ledger.failed().size());
    }
  }

  @Test
  @Order(3)
  void everyReplyNamesThePodAndVersionThatGaveIt(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      Ledger ledger = cluster.caller().run(Work.getUser(Users.ONE), LoadShape.of(100, 50));

      Set<String> pods = ledger.calls().stream().map(Call::pod).collect(Collectors.toSet());
      Set<String> versions = ledger.calls().stream().map(Call::version).collect(Collectors.toSet());
      Set<String> running =
          clusters.all().stream()
              .flatMap(each -> each.deployment("user").readyPods().stream())
              .map(pod -> pod.getMetadata().getName())
              .collect(Collectors.toSet());
      assertThat(pods).as("pods named in replies").isNotEmpty().isSubsetOf(running);
      assertThat(versions).as("versions named in replies").doesNotContain("").isNotEmpty();
      evidence.says(
          "%s: replies name %d of the %d running pods, version %s.",
          ledger.what(), pods.size(), running.size(), String.join(", ", versions));
    }
  }

  private static void assertAnsweredByAll(Clusters clusters, Ledger ledger) {
    assertThat(ledger.byCluster().keySet())
        .as("%s: clusters that answered, of %s", ledger.what(), ledger.byCluster())
        .containsExactlyInAnyOrderElementsOf(clusters.names());
  }
}
