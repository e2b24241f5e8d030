package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.cluster.Workload;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Without the database nothing is stored, and nothing is lost")
@Order(6)
final class DatabaseOutageTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** A charge that is to succeed when the database is back. */
  private record Pending(LiveCluster cluster, ChargeRequest request) {}

  @Test
  void aChargeIsUnavailableWithoutTheDatabaseAndSucceedsLaterWithTheSameKey(
      Clusters clusters, Undo undo, Evidence evidence) {
    Workload postgres = clusters.database().statefulSet("postgres");
    List<Pending> pending =
        clusters.all().stream().map(cluster -> new Pending(cluster, Charges.of(700))).toList();

    postgres.scale(0, undo);
    postgres.awaitGone();
    for (Pending each : pending) {
      LiveCluster cluster = each.cluster;
      ChargeRequest request = each.request;
      Call charge = cluster.caller().call(Work.charge(request));
      assertThat(charge.status())
          .as("without the database: " + charge.describe())
          .isEqualTo(Status.Code.UNAVAILABLE);
      Ledger users = cluster.caller().run(Work.getUser(Users.ONE), LoadShape.of(50, 50));
      users.assertAllOk("while the database is down");
      evidence.says(
          "Without the database a charge from %s is %s after %s; of %d calls to user, which needs none, %d fail.",
          cluster.name(),
          charge.status(),
          Ledger.millis(charge.latency()),
          users.size(),
          users.failed().size());
    }

    long back = System.nanoTime();
    postgres.scaleTo(1);
    postgres.awaitAvailable();
    for (Pending each : pending) {
      LiveCluster cluster = each.cluster;
      ChargeRequest charge = each.request;
      Await.until(
          "the charge from %s to succeed with its key, the database being back".formatted(cluster),
          LIMIT,
          () -> {
            Call again = cluster.caller().call(Work.charge(charge));
            return again.ok() ? Optional.empty() : Optional.of(again.describe());
          });
      Duration took = Duration.ofNanos(System.nanoTime() - back);
      ChargeResponse replay =
          cluster.caller().call(Work.charge(charge)).reply(ChargeResponse.parser());
      assertThat(replay.getReplayed()).as("the charge was there already").isTrue();
      assertThat(Charges.stored(clusters, charge.getIdempotencyKey()))
          .as("rows in the database")
          .isEqualTo(1);
      evidence.says(
          "With the database back, the charge from %s succeeded under its key within %.1f s of scaling back: 1 row.",
          cluster.name(), took.toMillis() / 1000.0);
    }
  }
}
