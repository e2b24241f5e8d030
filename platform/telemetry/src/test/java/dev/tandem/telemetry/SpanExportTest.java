package dev.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Export as it is set up from the settings, to a collector that answers, is busy, hangs or is gone.
 */
class SpanExportTest {

  private final MeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void delivers() throws Exception {
    try (Collector collector = new Collector();
        Tracing tracing = tracing(collector.endpoint(), Map.of())) {
      span(tracing, "charge");

      ExportTraceServiceRequest request = collector.taken.take();

      assertThat(spans(request)).extracting(Span::getName).containsExactly("charge");
      assertThat(request.getResourceSpans(0).getResource().getAttributesList())
          .extracting(attribute -> attribute.getKey() + "=" + attribute.getValue().getStringValue())
          .contains(
              "service.name=user",
              "service.version=0123456789ab",
              "k8s.cluster.name=shanghai",
              "cloud.region=cn-east",
              "tandem.deployment.digest=sha256:feed",
              "tandem.configuration.digest=c0ffee");
      await().untilAsserted(() -> assertThat(exported("")).isEqualTo(1));
      assertThat(processed("")).isEqualTo(1);
      assertThat(waiting()).isZero();
    }
  }

  @Test
  void sendsTheHeadersThatACollectorWantsToSee() throws Exception {
    try (Collector collector = new Collector();
        Tracing tracing =
            tracing(
                collector.endpoint() + "/",
                Map.of("tandem.telemetry.headers.authorization", "Bearer x"))) {
      span(tracing, "charge");

      assertThat(collector.authorizations.take()).containsExactly("Bearer x");
    }
  }

  @Test
  void triesAgainWhileTheCollectorIsBusy() throws Exception {
    try (Collector collector = new Collector();
        Tracing tracing = tracing(collector.endpoint(), Map.of())) {
      collector.busyFor(1);
      span(tracing, "charge");

      assertThat(spans(collector.taken.take())).hasSize(1);
      assertThat(collector.requests).hasValue(2);
      assertThat(exported("rejected")).isZero();
    }
  }

  @Test
  void sendsWhatIsLeftWhenItCloses() throws Exception {
    try (Collector collector = new Collector()) {
      try (Tracing tracing =
          tracing(collector.endpoint(), Map.of("tandem.telemetry.export-delay", "1h"))) {
        span(tracing, "last words");
      }

      assertThat(spans(Objects.requireNonNull(collector.taken.poll())))
          .extracting(Span::getName)
          .containsExactly("last words");
    }
  }

  @Test
  void countsWhatIsLostWhenNoCollectorIsThere() {
    try (Tracing tracing =
        tracing("http://127.0.0.1:1", Map.of("tandem.telemetry.export-timeout", "200ms"))) {
      span(tracing, "charge");
      span(tracing, "charge");

      await().untilAsserted(() -> assertThat(exported("rejected")).isEqualTo(2));
      assertThat(exported("")).isZero();
      assertThat(waiting()).isZero();
    }
  }

  @Test
  void countsWhatFindsNoPlaceInTheQueueOfACollectorThatHangs() throws Exception {
    try (Collector collector = new Collector();
        Tracing tracing =
            tracing(
                collector.endpoint(),
                Map.of(
                    "tandem.telemetry.queue-size", "8",
                    "tandem.telemetry.export-timeout", "1h",
                    "tandem.telemetry.flush-timeout", "1ms"))) {
      collector.freeze();

      for (int i = 0; i < 100; i++) {
        span(tracing, "charge");
      }

      assertThat(processed("")).isEqualTo(8);
      assertThat(processed("queue_full")).isEqualTo(92);
      assertThat(waiting()).isEqualTo(8);
    }
  }

  @Test
  void takesSpansAgainAfterACollectorCameBack() throws Exception {
    try (Collector collector = new Collector();
        Tracing tracing =
            tracing(collector.endpoint(), Map.of("tandem.telemetry.queue-size", "1"))) {
      collector.refuse(true);
      span(tracing, "lost");
      await().untilAsserted(() -> assertThat(exported("rejected")).isEqualTo(1));

      collector.refuse(false);
      span(tracing, "found");

      assertThat(spans(collector.taken.take())).extracting(Span::getName).containsExactly("found");
    }
  }

  @Test
  void waitsForAHangingCollectorNoLongerThanItWasToldWhenItCloses() throws Exception {
    try (Collector collector = new Collector()) {
      collector.freeze();
      Tracing tracing =
          tracing(
              collector.endpoint(),
              Map.of(
                  "tandem.telemetry.export-timeout", "1h",
                  "tandem.telemetry.flush-timeout", "100ms"));
      span(tracing, "charge");

      tracing.close();

      assertThat(collector.taken).isEmpty();
    }
  }

  private Tracing tracing(String endpoint, Map<String, String> properties) {
    Map<String, String> all = new HashMap<>(properties);
    all.put("tandem.telemetry.export", "otlp");
    all.put("tandem.telemetry.endpoint", endpoint);
    all.putIfAbsent("tandem.telemetry.export-delay", "1ms");
    all.putIfAbsent("tandem.telemetry.export-timeout", "5s");
    return Tracing.start(Settings.of(all), TwoClusters.instance("user", "shanghai"), meters);
  }

  private static void span(Tracing tracing, String name) {
    tracing.tracer().spanBuilder(name).startSpan().end();
  }

  private static List<Span> spans(ExportTraceServiceRequest request) {
    return request.getResourceSpans(0).getScopeSpans(0).getSpansList();
  }

  private double exported(String error) {
    return count("otel.sdk.exporter.span.exported", error);
  }

  private double processed(String error) {
    return count("otel.sdk.processor.span.processed", error);
  }

  private double count(String name, String error) {
    Counter counter = meters.find(name).tag("error.type", error).counter();
    return Objects.requireNonNull(counter, name).count();
  }

  private double waiting() {
    return Objects.requireNonNull(meters.find("otel.sdk.processor.span.queue.size").gauge())
        .value();
  }
}
