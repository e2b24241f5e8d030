package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.telemetry.Alertmanager;
import dev.tandem.e2e.telemetry.Alertmanager.Alert;
import dev.tandem.e2e.telemetry.Jaeger;
import dev.tandem.e2e.telemetry.Logs;
import dev.tandem.e2e.telemetry.Prometheus;
import dev.tandem.e2e.telemetry.Prometheus.Sample;
import dev.tandem.e2e.telemetry.Trace;
import dev.tandem.e2e.telemetry.Trace.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of clusters with telemetry: {@code TELEMETRY=1 make up}. */
@Proof("Every cluster is watched, and one place sees them all")
@Order(4)
@Tag("by-name")
final class TelemetryTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration RECENT = Duration.ofMinutes(10);

  private static final Set<String> ON_EVERY_SPAN =
      Set.of(
          "service.name",
          "service.version",
          "k8s.cluster.name",
          "cloud.region",
          "tandem.deployment.digest",
          "tandem.configuration.digest");

  @Test
  @Order(1)
  void everyPartOfEveryClusterIsRead(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      Set<String> expected = expectedTargets(clusters, cluster);
      try (Prometheus prometheus = Prometheus.of(cluster)) {
        awaitTargets(prometheus, cluster, expected, "the Prometheus of " + cluster);
      }
      evidence.says("The Prometheus of %s reads %s.", cluster, String.join(", ", expected));
    }
  }

  @Test
  @Order(2)
  void onePlaceHasTheMetricsOfAllClusters(Clusters clusters, Evidence evidence) {
    try (Prometheus all = Prometheus.of(clusters.telemetry())) {
      for (LiveCluster cluster : clusters.all()) {
        awaitTargets(
            all,
            cluster,
            expectedTargets(clusters, cluster),
            "the Prometheus of %s, of %s".formatted(clusters.telemetry(), cluster));
      }
    }
    evidence.says(
        "The Prometheus of %s has the same of %s.", clusters.telemetry(), clusters.names());
  }

  @Test
  @Order(3)
  void aTraceLeadsFromACallerToAnotherCluster(Clusters clusters, Evidence evidence) {
    try (Jaeger jaeger = Jaeger.of(clusters)) {
      for (LiveCluster cluster : clusters.all()) {
        for (TraceHeader header : TraceHeader.values()) {
          TracedCharge charge = TracedCharge.answeredElsewhere(cluster, header);

          Trace trace = charge.awaitIn(jaeger);

          for (Span span : trace.spans()) {
            assertThat(span.attributes())
                .as("what is on %s of %s", span.name(), span.service())
                .containsKeys(ON_EVERY_SPAN.toArray(String[]::new));
          }
          assertThat(
                  trace.spans().stream()
                      .map(span -> span.attribute("k8s.cluster.name"))
                      .collect(Collectors.toSet()))
              .as("clusters of the trace")
              .contains(cluster.name(), charge.call().cluster());
          evidence.says("From %s, as %s: %s.", cluster, header, charge.path(trace));
        }
      }
    }
  }

  @Test
  @Order(5)
  void nobodyIsPagedWhileAllIsWell(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      try (Alertmanager alertmanager = Alertmanager.of(cluster)) {
        List<Alert> firing = alertmanager.firing();
        assertThat(firing).as("alerts of " + cluster).noneMatch(Alert::pages);
        evidence.says("In %s no page fires, and as tickets %s.", cluster, firing);
      }
    }
  }

  @Test
  @Order(4)
  void anExemplarLeadsFromAHistogramToATrace(Clusters clusters, Evidence evidence) {
    LiveCluster caller = clusters.all().getLast();
    Set<String> made = new TreeSet<>();
    CompletableFuture<String> found = new CompletableFuture<>();
    try (Jaeger jaeger = Jaeger.of(clusters);
        Prometheus prometheus = Prometheus.of(clusters.telemetry())) {
      Await.until(
          "an exemplar in the Prometheus of %s that is one of the traces just made"
              .formatted(clusters.telemetry()),
          LIMIT,
          () -> {
            TraceId id = TraceId.random();
            caller.caller().call(Work.getUser(Users.ONE), TraceHeader.W3C.of(id));
            made.add(id.trace());
            List<String> exemplars =
                prometheus.exemplarTraces("rpc_server_call_duration_seconds_bucket", RECENT);
            exemplars.stream().filter(made::contains).findFirst().ifPresent(found::complete);
            return found.isDone()
                ? Optional.empty()
                : Optional.of("%d others".formatted(exemplars.size()));
          });
      Await.until(
          "the trace of the exemplar",
          LIMIT,
          () -> jaeger.trace(found.join()).isPresent() ? Optional.empty() : Optional.of("none"));
    }
    evidence.says(
        "An exemplar of rpc_server_call_duration_seconds leads to trace %s.", found.join());
  }

  @Test
  @Order(6)
  void everyPanelOfTheDashboardsHasSomethingToShow(Clusters clusters, Evidence evidence) {
    List<Panel> panels = Panel.all();
    try (Prometheus all = Prometheus.of(clusters.telemetry())) {
      for (Panel panel : panels) {
        Await.until(
            "an answer to what the panel %s asks: %s".formatted(panel.title(), panel.query()),
            LIMIT,
            () ->
                all.query(panel.query()).isEmpty()
                    ? Optional.of("there is none")
                    : Optional.empty());
      }
    }
    evidence.says("All %d questions of the dashboards' panels are answered.", panels.size());
  }

  @Test
  @Order(7)
  void linesOfEveryPartOfEveryClusterAreFound(Clusters clusters, Evidence evidence) {
    try (Logs logs = Logs.of(clusters)) {
      for (LiveCluster cluster : clusters.all()) {
        Set<String> containers = containersThatWrite(clusters, cluster);
        for (String container : containers) {
          String[] parts = container.split("/", 2);
          Await.until(
              "lines of %s in %s".formatted(container, cluster),
              LIMIT,
              () ->
                  logs.lines(
                              Map.of(
                                  "cluster",
                                  cluster.name(),
                                  "namespace",
                                  parts[0],
                                  "container",
                                  parts[1],
                                  "limit",
                                  "1"))
                          .isEmpty()
                      ? Optional.of("there are none")
                      : Optional.empty());
        }
        evidence.says(
            "Lines are found, in %s, of %s.", cluster.name(), String.join(", ", containers));
      }
    }
  }

  /**
   * Each container as "namespace/container". The collectors' own lines stay on their nodes;
   * Prometheus and Alertmanager write warnings only, and none while all is well.
   */
  private static Set<String> containersThatWrite(Clusters clusters, LiveCluster cluster) {
    return partsOf(
        clusters,
        cluster,
        Set.of(
            "tandem/user",
            "tandem/payment",
            "tandem/caller",
            "tandem/istio-proxy",
            "istio-system/istio-proxy",
            "kube-system/cilium-agent",
            "kube-system/coredns",
            "kube-system/kube-apiserver"),
        Set.of("istio-system/discovery"),
        Set.of("tandem/postgres"),
        Set.of("observability/jaeger", "observability/kafka", "observability/logs"));
  }

  /** Each part as "job/workload". */
  private static Set<String> expectedTargets(Clusters clusters, LiveCluster cluster) {
    return partsOf(
        clusters,
        cluster,
        Set.of(
            "services/user",
            "services/payment",
            "envoys/user",
            "envoys/payment",
            "envoys/caller",
            "envoys/otel-gateway",
            "envoys/prometheus",
            "telemetry/otel-agent",
            "telemetry/otel-gateway",
            "telemetry/alertmanager",
            "prometheus/prometheus"),
        Set.of("istiod/istiod"),
        Set.of("envoys/postgres"),
        Set.of("telemetry/jaeger", "telemetry/logs"));
  }

  /** What a cluster has of parts that are everywhere, and of those that only some clusters have. */
  private static Set<String> partsOf(
      Clusters clusters,
      LiveCluster cluster,
      Set<String> everywhere,
      Set<String> withControlPlane,
      Set<String> withDatabase,
      Set<String> thatSeesAll) {
    Set<String> parts = new TreeSet<>(everywhere);
    if (cluster.isPrimary()) {
      parts.addAll(withControlPlane);
    }
    if (cluster.equals(clusters.database())) {
      parts.addAll(withDatabase);
    }
    if (cluster.equals(clusters.telemetry())) {
      parts.addAll(thatSeesAll);
    }
    return parts;
  }

  private static void awaitTargets(
      Prometheus prometheus, LiveCluster cluster, Set<String> expected, String where) {
    Await.until(
        "%s to read %s".formatted(where, expected),
        LIMIT,
        () -> {
          Set<String> up =
              prometheus.query("up{cluster=\"%s\"} == 1".formatted(cluster.name())).stream()
                  .map(TelemetryTest::target)
                  .collect(Collectors.toCollection(TreeSet::new));
          Set<String> missing = new TreeSet<>(expected);
          missing.removeAll(up);
          return missing.isEmpty() ? Optional.empty() : Optional.of("it lacks " + missing);
        });
  }

  private static String target(Sample up) {
    return up.label("job") + "/" + up.label("workload");
  }
}
