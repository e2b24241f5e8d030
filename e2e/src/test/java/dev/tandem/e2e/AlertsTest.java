package dev.tandem.e2e;

import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.cluster.Workload;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.telemetry.Alertmanager;
import dev.tandem.e2e.telemetry.Alertmanager.Alert;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of clusters with telemetry: {@code TELEMETRY=1 make up}. */
@Proof("Somebody is paged when charges fail")
@Order(7)
@Tag("by-name")
final class AlertsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int CHARGES_IN_VAIN = 60;

  @Test
  void everyClusterPagesForChargesThatFailForWantOfADatabase(
      Clusters clusters, Undo undo, Evidence evidence) {
    Workload postgres = clusters.database().statefulSet("postgres");
    postgres.scale(0, undo);
    postgres.awaitGone();

    for (LiveCluster cluster : clusters.all()) {
      cluster.caller().run(Charges.each(700, "in-vain-"), LoadShape.of(CHARGES_IN_VAIN, 20));
    }

    for (LiveCluster cluster : clusters.all()) {
      try (Alertmanager alertmanager = Alertmanager.of(cluster)) {
        Await.until(
            "the Alertmanager of %s to page for payment's failed charges".formatted(cluster),
            LIMIT,
            () -> {
              List<Alert> firing = alertmanager.firing();
              return firing.stream().anyMatch(alert -> isOfPayment(alert, cluster))
                  ? Optional.empty()
                  : Optional.of(firing.toString());
            });
      }
    }
    evidence.says(
        "After %d charges in vain from each cluster, %s page for it.",
        CHARGES_IN_VAIN, clusters.names());
  }

  private static boolean isOfPayment(Alert alert, LiveCluster cluster) {
    return alert.name().equals("ErrorBudgetBurnsFast")
        && alert.workload().equals("payment")
        && alert.cluster().equals(cluster.name());
  }
}
