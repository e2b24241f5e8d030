package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.telemetry.Jaeger;
import dev.tandem.e2e.telemetry.Prometheus;
import dev.tandem.e2e.telemetry.Prometheus.Sample;
import dev.tandem.e2e.telemetry.Trace;
import dev.tandem.e2e.telemetry.Trace.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("Every cluster is watched, and one place sees them all")
@Order(4)
final class TelemetryTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration RECENT = Duration.ofMinutes(10);

  /** Charges until one is answered by another cluster; half of them are. */
  private static final int TRIES = 40;

  private static final Set<String> ON_EVERY_SPAN =
      Set.of(
          "service.name",
          "service.version",
          "k8s.cluster.name",
          "cloud.region",
          "tandem.deployment.digest",
          "tandem.configuration.digest");

  /** How a caller says which trace a call belongs to. */
  private enum Header {
    W3C {
      @Override
      Map<String, String> of(TraceId id) {
        return Map.of(
            "traceparent",
            "00-%s-%s-01".formatted(id.trace(), id.span()),
            "tracestate",
            "tandem=keep");
      }
    },
    ZIPKIN {
      @Override
      Map<String, String> of(TraceId id) {
        return Map.of(
            "x-b3-traceid",
            id.trace(),
            "x-b3-spanid",
            id.span(),
            "x-b3-sampled",
            "1",
            "tracestate",
            "tandem=keep");
      }
    };

    abstract Map<String, String> of(TraceId id);
  }

  private record TraceId(String trace, String span) {
    static TraceId random() {
      return new TraceId(hex(16), hex(8));
    }

    private static String hex(int bytes) {
      byte[] random = new byte[bytes];
      ThreadLocalRandom.current().nextBytes(random);
      // All zeros would be no identifier.
      random[0] |= 1;
      return HexFormat.of().formatHex(random);
    }
  }

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
        for (Header header : Header.values()) {
          TracedCall charge = chargeElsewhere(cluster, header);

          Trace trace = awaitWholeTrace(jaeger, charge);

          for (Span span : trace.spans()) {
            assertThat(span.attributes())
                .as("what is on %s of %s", span.name(), span.service())
                .containsKeys(ON_EVERY_SPAN.toArray(String[]::new));
          }
          assertThat(clustersOf(trace))
              .as("clusters of the trace")
              .contains(cluster.name(), charge.call().cluster());
          evidence.says(
              "From %s, as %s: %s.",
              cluster, header, path(trace, find(trace, "tandem-user", Span.SERVER).orElseThrow()));
        }
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
            caller.caller().call(Work.getUser(Users.ONE), Header.W3C.of(id));
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

  /** Each part as "job/workload". */
  private static Set<String> expectedTargets(Clusters clusters, LiveCluster cluster) {
    Set<String> expected =
        new TreeSet<>(
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
                "prometheus/prometheus"));
    if (cluster.isPrimary()) {
      expected.add("istiod/istiod");
    }
    if (cluster.equals(clusters.database())) {
      expected.add("envoys/postgres");
    }
    if (cluster.equals(clusters.telemetry())) {
      expected.add("telemetry/jaeger");
    }
    return expected;
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

  private record TracedCall(TraceId id, Call call) {}

  /** Charges until another cluster answers. */
  private static TracedCall chargeElsewhere(LiveCluster cluster, Header header) {
    List<String> answers = new ArrayList<>();
    for (int each = 0; each < TRIES; each++) {
      TraceId id = TraceId.random();
      Call call = cluster.caller().call(Work.charge(Charges.of(1200)), header.of(id));
      if (call.ok() && !call.cluster().equals(cluster.name())) {
        return new TracedCall(id, call);
      }
      answers.add(call.describe());
    }
    throw new AssertionError(
        "of %d charges from %s none was answered by another cluster: %s"
            .formatted(TRIES, cluster, answers));
  }

  private static Trace awaitWholeTrace(Jaeger jaeger, TracedCall charge) {
    CompletableFuture<Trace> whole = new CompletableFuture<>();
    Await.until(
        "the whole trace %s in Jaeger".formatted(charge.id().trace()),
        LIMIT,
        () -> {
          Optional<Trace> trace = jaeger.trace(charge.id().trace());
          if (trace.isEmpty()) {
            return Optional.of("Jaeger does not know it");
          }
          List<String> missing = missing(trace.get(), charge.call());
          if (missing.isEmpty()) {
            whole.complete(trace.get());
          }
          return missing.isEmpty()
              ? Optional.empty()
              : Optional.of("it lacks %s; it has %s".formatted(missing, described(trace.get())));
        });
    return whole.join();
  }

  /** What a charge that another cluster answers has to consist of, as far as it is not there. */
  private static List<String> missing(Trace trace, Call call) {
    List<String> missing = new ArrayList<>();
    Optional<Span> payment =
        trace.spans().stream()
            .filter(span -> is(span, "tandem-payment", Span.SERVER))
            .filter(span -> span.attribute("k8s.cluster.name").equals(call.cluster()))
            .findFirst();
    if (payment.isEmpty()) {
      missing.add("payment's SERVER span in " + call.cluster());
    } else {
      expectChain(
          missing, trace, payment.get(), List.of("payment.tandem SERVER", "caller.tandem CLIENT"));
    }
    Optional<Span> user = find(trace, "tandem-user", Span.SERVER);
    if (user.isEmpty()) {
      missing.add("user's SERVER span");
    } else {
      expectChain(
          missing,
          trace,
          user.get(),
          List.of(
              "user.tandem SERVER",
              "payment.tandem CLIENT",
              "tandem-payment CLIENT",
              "tandem-payment SERVER"));
    }
    if (trace.spans().stream()
        .noneMatch(
            span ->
                span.service().equals("tandem-payment")
                    && span.attribute("db.system.name").equals("postgresql"))) {
      missing.add("payment's span of a statement");
    }
    return missing;
  }

  /** The spans above one, from the nearest on, as service and kind. */
  private static void expectChain(
      List<String> missing, Trace trace, Span span, List<String> expected) {
    List<String> found = new ArrayList<>();
    Optional<Span> parent = trace.parentOf(span);
    while (parent.isPresent() && found.size() < expected.size()) {
      found.add(label(parent.get()));
      parent = trace.parentOf(parent.get());
    }
    if (!found.equals(expected)) {
      missing.add("%s above %s, but %s".formatted(expected, label(span), found));
    }
  }

  private static boolean is(Span span, String service, int kind) {
    return span.service().equals(service) && span.kind() == kind;
  }

  private static Optional<Span> find(Trace trace, String service, int kind) {
    return trace.spans().stream().filter(span -> is(span, service, kind)).findFirst();
  }

  private static Set<String> clustersOf(Trace trace) {
    return trace.spans().stream()
        .map(span -> span.attribute("k8s.cluster.name"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String label(Span span) {
    return span.service()
        + switch (span.kind()) {
          case Span.SERVER -> " SERVER";
          case Span.CLIENT -> " CLIENT";
          default -> " " + span.kind();
        };
  }

  private static String path(Trace trace, Span last) {
    List<String> path = new ArrayList<>();
    for (Optional<Span> span = Optional.of(last);
        span.isPresent();
        span = trace.parentOf(span.get())) {
      path.addFirst(
          "%s in %s".formatted(label(span.get()), span.get().attribute("k8s.cluster.name")));
    }
    return String.join(" → ", path);
  }

  private static String described(Trace trace) {
    return trace.spans().stream().map(span -> path(trace, span)).toList().toString();
  }
}
