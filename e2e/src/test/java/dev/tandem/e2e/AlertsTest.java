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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Alerts of the chart's rules, each by a fault of the kind that it is for. Of clusters with
 * telemetry: {@code TELEMETRY=1 make up}.
 */
@Proof("Somebody is told of what is wrong")
@Order(7)
@Tag("by-name")
final class AlertsTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Of calls of the last hour one in seven has to be slow, those before this proof included. */
  private static final Duration UNTIL_AN_HOUR_IS_SLOW = Duration.ofMinutes(6);

  private static final int CHARGES_IN_VAIN = 60;
  private static final double CHARGES_PER_SECOND = 5;

  @Test
  @Order(1)
  void everyClusterPagesForChargesThatFailForWantOfADatabase(
      Clusters clusters, Undo undo, Evidence evidence) {
    Workload postgres = clusters.database().statefulSet("postgres");
    postgres.scale(0, undo);
    postgres.awaitGone();

    for (LiveCluster cluster : clusters.all()) {
      cluster.caller().run(Charges.each(700, "in-vain-"), LoadShape.of(CHARGES_IN_VAIN, 20));
    }

    for (LiveCluster cluster : clusters.all()) {
      awaitFiring(cluster, cluster, "payment", LIMIT, "ErrorBudgetBurnsFast", "ErrorBudgetBurns");
    }
    evidence.says(
        "After %d charges in vain from each cluster, %s page for it.",
        CHARGES_IN_VAIN, clusters.names());
  }

  @Test
  @Order(2)
  void everyClusterIsToldThatPaymentDoesWithoutUser(
      Clusters clusters, Undo undo, Evidence evidence) {
    try (SteadyCalls _ = charges(clusters, "alone-")) {
      clusters.all().forEach(cluster -> cluster.deployment("user").scale(0, undo));

      for (LiveCluster cluster : clusters.all()) {
        awaitFiring(cluster, cluster, "payment", LIMIT, "BreakerOpen");
      }
    }
    evidence.says("Without user in any cluster, %s tell of payment's breaker.", clusters.names());
  }

  @Test
  @Order(3)
  void everyClusterPagesForChargesThatAreSlow(Clusters clusters, Undo undo, Evidence evidence) {
    try (SteadyCalls _ = charges(clusters, "slowly-")) {
      lockPayments(clusters, undo);

      for (LiveCluster cluster : clusters.all()) {
        awaitFiring(cluster, cluster, "payment", UNTIL_AN_HOUR_IS_SLOW, "CallsAreSlow");
      }
    }
    evidence.says(
        "With payments locked for 1.5 s at a time, %s page for slow calls.", clusters.names());
  }

  /**
   * Again and again for a second and a half, in which a charge waits; one who waits comes first.
   */
  private static void lockPayments(Clusters clusters, Undo undo) {
    String locks =
        "do $$ begin for i in 1..%d loop lock table payment in access exclusive mode; perform pg_sleep(1.5); commit; end loop; end $$"
            .formatted(UNTIL_AN_HOUR_IS_SLOW.toMillis() / 1500);
    undo.add(
        "unlock payments",
        () ->
            clusters.askDatabase(
                "select pg_terminate_backend(pid) from pg_stat_activity where query like 'do $$%'"));
    // Ended by the undoing, which psql takes for a failure.
    var _ =
        CompletableFuture.runAsync(
            () -> clusters.askDatabase(locks), task -> Thread.ofPlatform().daemon().start(task));
  }

  @Test
  @Order(4)
  void aClusterIsToldOfAPartThatDoesNotAnswer(Clusters clusters, Undo undo, Evidence evidence) {
    LiveCluster cluster = clusters.all().getLast();

    Manifest.of("agent-unanswered.yaml").applyTo(cluster, undo);

    awaitFiring(cluster, cluster, "otel-agent", LIMIT, "TargetDown");
    awaitFiring(clusters.telemetry(), cluster, "otel-agent", LIMIT, "TargetDown");
    evidence.says(
        "A collector of %s that does not answer Prometheus is told of there and in %s.",
        cluster, clusters.telemetry());
  }

  /**
   * Waits for alerts.
   *
   * @param judge whose Alertmanager is asked
   * @param about which cluster they are to be about
   * @param workload which workload; empty when they are about none
   */
  private static void awaitFiring(
      LiveCluster judge, LiveCluster about, String workload, Duration limit, String... names) {
    try (Alertmanager alertmanager = Alertmanager.of(judge)) {
      Await.until(
          "the Alertmanager of %s to have %s of %s in %s"
              .formatted(judge, Arrays.toString(names), workload, about),
          limit,
          () -> {
            List<Alert> firing = alertmanager.firing();
            return Arrays.stream(names)
                    .allMatch(
                        name ->
                            firing.stream()
                                .anyMatch(
                                    alert ->
                                        alert.name().equals(name)
                                            && alert.cluster().equals(about.name())
                                            && alert.workload().equals(workload)))
                ? Optional.empty()
                : Optional.of("it has " + firing);
          });
    }
  }

  /** For as long as it is open, whatever becomes of them. */
  private static SteadyCalls charges(Clusters clusters, String prefix) {
    SteadyCalls charges = new SteadyCalls(_ -> Charges.each(700, prefix), CHARGES_PER_SECOND);
    clusters.all().forEach(charges::beginFrom);
    return charges;
  }
}
