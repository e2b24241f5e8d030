package dev.tandem.e2e;

import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.telemetry.Jaeger;
import dev.tandem.e2e.telemetry.Part;
import dev.tandem.e2e.telemetry.Prometheus;
import dev.tandem.e2e.telemetry.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of clusters with telemetry: {@code TELEMETRY=1 make up}. */
@Proof("Services go on without telemetry, and what happened meanwhile is known later")
@Order(7)
@Tag("by-name")
final class TelemetryOutageTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void thePlaceThatSeesAllIsAwayForAWhile(Clusters clusters, Undo undo, Evidence evidence) {
    LiveCluster home = clusters.telemetry();
    LiveCluster other = clusters.without(home).getFirst();
    List<Part> parts =
        List.of(
            new Part(home, "deployment", "otel-gateway"),
            new Part(home, "statefulset", "jaeger"),
            new Part(home, "statefulset", "prometheus"));

    parts.forEach(part -> part.stop(undo));
    final Instant began = Instant.now();
    for (LiveCluster cluster : clusters.all()) {
      Ledger users = cluster.caller().run(Work.getUser(Users.ONE), LoadShape.of(500, 50));
      users.assertAllOk("while there is nobody to take spans and metrics");
      evidence.says(
          "Without gateway, Jaeger and Prometheus in %s: %s, %s.",
          home, users.what(), users.figures());
    }
    TracedCharge charge = TracedCharge.answeredElsewhere(other, TraceHeader.W3C);
    final Instant ended = Instant.now();
    parts.forEach(Part::start);

    try (Jaeger jaeger = Jaeger.of(clusters)) {
      Trace trace = charge.awaitIn(jaeger);
      evidence.says(
          "The trace of a charge made meanwhile is whole, with %d spans: %s.",
          trace.spans().size(), charge.path(trace));
    }
    try (Prometheus prometheus = Prometheus.of(home)) {
      String outage =
          "count_over_time(up{cluster=\"%s\", job=\"services\", workload=\"user\"}[%ds] @ %d)"
              .formatted(other, Duration.between(began, ended).toSeconds(), ended.getEpochSecond());
      Await.until(
          "the Prometheus of %s to have what that of %s read meanwhile".formatted(home, other),
          LIMIT,
          () -> {
            double scrapes =
                prometheus.query(outage).stream().mapToDouble(Prometheus.Sample::value).sum();
            // The outage is longer than an interval of scraping.
            return scrapes >= 1
                ? Optional.empty()
                : Optional.of("it has %.0f scrapes".formatted(scrapes));
          });
      evidence.says(
          "The Prometheus of %s has the samples that %s took during the outage of %d s.",
          home, other, Duration.between(began, ended).toSeconds());
    }
  }
}
