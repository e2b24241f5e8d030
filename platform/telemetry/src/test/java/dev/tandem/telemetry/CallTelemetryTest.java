package dev.tandem.telemetry;

import static io.grpc.stub.ClientCalls.blockingServerStreamingCall;
import static io.grpc.stub.ClientCalls.blockingUnaryCall;
import static io.grpc.stub.ClientCalls.futureUnaryCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTelemetryTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLERS_SPAN = "00f067aa0ba902b7";
  private static final String TRACEPARENT = "00-" + TRACE + "-" + CALLERS_SPAN + "-01";
  private static final String OTHER_TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
  private static final String OTHER_SPAN = "e457b5a2e4d86bd1";

  @Test
  void aCallAndItsServersPartOfItAreOneTrace() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      String traceInTheService = say(clusters.channel(), "hello");

      SpanData client = clusters.clientSpan();
      SpanData server = clusters.serverSpan();
      assertThat(server.getParentSpanId()).isEqualTo(client.getSpanId());
      assertThat(server.getTraceId()).isEqualTo(client.getTraceId()).isEqualTo(traceInTheService);
      assertThat(client.getParentSpanId()).isEqualTo(SpanId.getInvalid());
    }
  }

  @Test
  void spansSayWhatTheConventionsAskFor() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      say(clusters.channel(), "hello");

      SpanData client = clusters.clientSpan();
      assertThat(client.getName()).isEqualTo("tandem.test.v3.Echo/Say");
      assertThat(client.getInstrumentationScopeInfo().getSchemaUrl())
          .isEqualTo("https://opentelemetry.io/schemas/1.45.0");
      assertThat(attributes(client))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "rpc.system.name", "grpc",
                  "rpc.method", "tandem.test.v3.Echo/Say",
                  "rpc.response.status_code", "OK",
                  "server.address", "localhost",
                  "server.port", Integer.toString(clusters.port()),
                  "tandem.api.version", "v3",
                  "tandem.server.cluster", "shanghai"));
      SpanData server = clusters.serverSpan();
      assertThat(server.getName()).isEqualTo("tandem.test.v3.Echo/Say");
      assertThat(attributes(server))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "rpc.system.name", "grpc",
                  "rpc.method", "tandem.test.v3.Echo/Say",
                  "rpc.response.status_code", "OK",
                  "tandem.api.version", "v3",
                  "tandem.caller.cluster", "beijing"));
    }
  }

  @Test
  void everySpanNamesItsProcessAndWhatItRuns() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      say(clusters.channel(), "hello");

      Map<String, String> resource = new TreeMap<>();
      clusters
          .serverSpan()
          .getResource()
          .getAttributes()
          .forEach((key, value) -> resource.put(key.getKey(), String.valueOf(value)));
      assertThat(resource)
          .containsEntry("service.name", "user")
          .containsEntry("service.version", "0123456789ab")
          .containsEntry("service.instance.id", "user-5d9c-x7k2p")
          .containsEntry("k8s.cluster.name", "shanghai")
          .containsEntry("k8s.namespace.name", "tandem")
          .containsEntry("k8s.pod.name", "user-5d9c-x7k2p")
          .containsEntry("cloud.region", "cn-east")
          .containsEntry("cloud.availability_zone", "cn-east-1")
          .containsEntry("tandem.deployment.digest", "sha256:feed")
          .containsEntry("tandem.configuration.digest", "c0ffee")
          .containsEntry("telemetry.sdk.name", "opentelemetry");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      textBlock =
          """
          traceparent | 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
          b3          | 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1
          """)
  void continuesACallersTrace(String header, String value) throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      say(clusters.strangersChannel(headers(header, value)), "hello");

      assertThat(clusters.serverSpan().getTraceId()).isEqualTo(TRACE);
      assertThat(clusters.serverSpan().getParentSpanId()).isEqualTo(CALLERS_SPAN);
    }
  }

  @Test
  void continuesATraceThatComesInZipkinsManyHeaders() throws Exception {
    Metadata headers = headers("x-b3-traceid", TRACE);
    headers.put(key("x-b3-spanid"), CALLERS_SPAN);
    headers.put(key("x-b3-sampled"), "1");
    try (TwoClusters clusters = new TwoClusters()) {
      say(clusters.strangersChannel(headers), "hello");

      assertThat(clusters.serverSpan().getParentSpanId()).isEqualTo(CALLERS_SPAN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'tracecontext,b3', " + CALLERS_SPAN,
    "'b3,tracecontext', " + OTHER_SPAN,
  })
  void believesTheFirstFormOfItsListWhenTheyDiffer(String propagators, String parent)
      throws Exception {
    Metadata headers = headers("traceparent", TRACEPARENT);
    headers.put(key("b3"), OTHER_TRACE + "-" + OTHER_SPAN + "-1");
    try (TwoClusters clusters =
        new TwoClusters(
            Map.of(
                "tandem.telemetry.export", "otlp", "tandem.telemetry.propagators", propagators))) {
      say(clusters.strangersChannel(headers), "hello");

      assertThat(clusters.serverSpan().getParentSpanId()).isEqualTo(parent);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "garbage",
        "00-00000000000000000000000000000000-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      })
  void beginsATraceOfItsOwnWhenTheCallersIsMalformed(String traceparent) throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      String trace = say(clusters.strangersChannel(headers("traceparent", traceparent)), "hello");

      assertThat(TraceId.isValid(trace)).isTrue();
      assertThat(trace).isNotEqualTo(TRACE);
      assertThat(clusters.serverSpan().getParentSpanId()).isEqualTo(SpanId.getInvalid());
    }
  }

  @Test
  void sendsEveryFormAndTheCallersCluster() throws Exception {
    try (TwoClusters clusters = new TwoClusters();
        Scope _ = Baggage.builder().put("drill", "7").build().makeCurrent()) {
      say(clusters.channel(), "hello");

      Metadata sent = clusters.echo.headers.take();
      SpanData client = clusters.clientSpan();
      assertThat(sent.get(key("traceparent")))
          .startsWith("00-" + client.getTraceId() + "-" + client.getSpanId() + "-0");
      assertThat(sent.get(key("x-b3-traceid"))).isEqualTo(client.getTraceId());
      assertThat(sent.get(key("x-b3-spanid"))).isEqualTo(client.getSpanId());
      assertThat(sent.get(key("x-b3-sampled"))).isEqualTo("1");
      assertThat(sent.get(key("baggage"))).isEqualTo("drill=7");
      assertThat(sent.get(key("tandem-caller-cluster"))).isEqualTo("beijing");
    }
  }

  @Test
  void replacesWhatTheCallersHeadersSaidOfTheTrace() throws Exception {
    Metadata forwarded = headers("traceparent", TRACEPARENT);
    forwarded.put(key("tandem-caller-cluster"), "elsewhere");
    try (TwoClusters clusters = new TwoClusters()) {
      Channel channel =
          ClientInterceptors.intercept(
              clusters.channel(), MetadataUtils.newAttachHeadersInterceptor(forwarded));
      say(channel, "hello");

      Metadata sent = clusters.echo.headers.take();
      assertThat(sent.getAll(key("traceparent"))).hasSize(1).doesNotContain(TRACEPARENT);
      assertThat(sent.getAll(key("tandem-caller-cluster"))).containsExactly("beijing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOT_FOUND", "ALREADY_EXISTS", "RESOURCE_EXHAUSTED", "UNAUTHENTICATED"})
  void whatTheCallerDidWrongIsAnErrorOfTheCallAndNotOfTheServer(String status) throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> say(clusters.channel(), "status " + status));

      assertThat(clusters.serverSpan().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
      assertThat(attributes(clusters.serverSpan()))
          .containsEntry("rpc.response.status_code", status)
          .doesNotContainKey("error.type");
      assertThat(clusters.clientSpan().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(attributes(clusters.clientSpan())).containsEntry("error.type", status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNKNOWN",
        "DEADLINE_EXCEEDED",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS"
      })
  void whatTheServerDidWrongIsAnErrorOfBoth(String status) throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> say(clusters.channel(), "status " + status));

      assertThat(clusters.serverSpan().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(clusters.serverSpan().getStatus().getDescription()).isEqualTo("as told");
      assertThat(attributes(clusters.serverSpan())).containsEntry("error.type", status);
      assertThat(
              timer(clusters.serverMeters, "rpc.server.call.duration").getId().getTag("error.type"))
          .isEqualTo(status);
    }
  }

  @Test
  void aServiceThatThrowsLeavesTheExceptionOnItsSpan() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> say(clusters.channel(), "throw"));

      SpanData server = clusters.serverSpan();
      assertThat(attributes(server)).containsEntry("rpc.response.status_code", "UNKNOWN");
      assertThat(server.getEvents())
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getAttributes().asMap().values())
                      .contains("java.lang.IllegalStateException", "a defect"));
    }
  }

  @Test
  void aCallWhoseDeadlinePassesIsNotOneThatWasHungUp() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      // As a header, so that the client, which would hang up at the same moment, knows of none.
      Channel channel = clusters.strangersChannel(headers("grpc-timeout", "200m"));

      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> say(channel, "silence"));

      await()
          .untilAsserted(
              () ->
                  assertThat(attributes(clusters.serverSpan()))
                      .containsEntry("rpc.response.status_code", "DEADLINE_EXCEEDED"));
    }
  }

  @Test
  void aCallerWhoHangsUpIsNoErrorOfTheServer() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      Future<String> call =
          futureUnaryCall(clusters.channel().newCall(Echo.SAY, CallOptions.DEFAULT), "silence");
      clusters.echo.silent.take();
      call.cancel(true);

      await()
          .untilAsserted(
              () ->
                  assertThat(attributes(clusters.serverSpan()))
                      .containsEntry("rpc.response.status_code", "CANCELLED")
                      .doesNotContainKey("error.type"));
    }
  }

  @Test
  void aCallThatFindsNoServerIsMeasuredToo() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      clusters.stopTheServer();

      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> say(clusters.channel(), "hello"));

      Timer timer = timer(clusters.clientMeters, "rpc.client.call.duration");
      assertThat(timer.getId().getTag("rpc.response.status_code")).isEqualTo("UNAVAILABLE");
      assertThat(timer.getId().getTag("tandem.server.cluster")).isEqualTo("unknown");
    }
  }

  @Test
  void aStreamIsOneSpan() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      List<String> numbers = new ArrayList<>();
      blockingServerStreamingCall(clusters.channel(), Echo.COUNT, CallOptions.DEFAULT, "3")
          .forEachRemaining(numbers::add);

      assertThat(numbers).containsExactly("0", "1", "2");
      assertThat(clusters.spans.getFinishedSpanItems())
          .extracting(SpanData::getKind)
          .containsExactlyInAnyOrder(SpanKind.SERVER, SpanKind.CLIENT);
    }
  }

  @Test
  void measuresByMethodVersionStatusAndBothClusters() throws Exception {
    try (TwoClusters clusters = new TwoClusters()) {
      say(clusters.channel(), "hello");
      say(clusters.channel(), "hello");

      for (Timer timer :
          List.of(
              timer(clusters.serverMeters, "rpc.server.call.duration"),
              timer(clusters.clientMeters, "rpc.client.call.duration"))) {
        assertThat(timer.count()).isEqualTo(2);
        assertThat(timer.getId().getTags())
            .extracting(tag -> tag.getKey() + "=" + tag.getValue())
            .containsExactlyInAnyOrder(
                "rpc.system.name=grpc",
                "rpc.method=tandem.test.v3.Echo/Say",
                "rpc.response.status_code=OK",
                "error.type=",
                "tandem.api.version=v3",
                "tandem.caller.cluster=beijing",
                "tandem.server.cluster=shanghai");
        assertThat(timer.takeSnapshot().histogramCounts()).hasSize(16);
      }
    }
  }

  @Test
  void neitherTracesNorMeasuresWhatAsksEveryFewSeconds() throws Exception {
    try (TwoClusters clusters =
        new TwoClusters(
            Map.of(
                "tandem.telemetry.export",
                "otlp",
                "tandem.telemetry.ignored-services",
                Echo.SERVICE))) {
      say(clusters.channel(), "hello");

      assertThat(clusters.spans.getFinishedSpanItems()).isEmpty();
      assertThat(clusters.serverMeters.find("rpc.server.call.duration").timer()).isNull();
      assertThat(clusters.clientMeters.find("rpc.client.call.duration").timer()).isNull();
    }
  }

  @Test
  void withoutExportACallersTracePassesThroughUnchanged() throws Exception {
    try (TwoClusters clusters = new TwoClusters(Map.of("tandem.telemetry.export", "none"))) {
      String trace;
      try (Scope _ = callersSpan().makeCurrent()) {
        trace = say(clusters.channel(), "hello");
      }

      assertThat(trace).isEqualTo(TRACE);
      assertThat(clusters.echo.headers.take().get(key("traceparent"))).isEqualTo(TRACEPARENT);
      assertThat(timer(clusters.serverMeters, "rpc.server.call.duration").count()).isEqualTo(1);
    }
  }

  @Test
  void withoutExportACallStillHasATraceForTheLog() throws Exception {
    try (TwoClusters clusters = new TwoClusters(Map.of("tandem.telemetry.export", "none"))) {
      assertThat(TraceId.isValid(say(clusters.channel(), "hello"))).isTrue();
    }
  }

  @Test
  void leavesToTheCallerWhatIsRecordedOfATraceThatBeganElsewhere() throws Exception {
    try (TwoClusters clusters =
        new TwoClusters(
            Map.of("tandem.telemetry.export", "otlp", "tandem.telemetry.sampling", "0"))) {
      say(clusters.channel(), "hello");
      assertThat(clusters.spans.getFinishedSpanItems()).isEmpty();

      say(clusters.strangersChannel(headers("traceparent", TRACEPARENT)), "hello");
      assertThat(clusters.serverSpan().getTraceId()).isEqualTo(TRACE);
    }
  }

  private static Context callersSpan() {
    return Propagation.inOrder(List.of(Propagation.TRACECONTEXT))
        .getTextMapPropagator()
        .extract(Context.root(), headers("traceparent", TRACEPARENT), MetadataCarrier.INSTANCE);
  }

  private static String say(Channel channel, String request) {
    return blockingUnaryCall(channel, Echo.SAY, CallOptions.DEFAULT, request);
  }

  private static Timer timer(MeterRegistry meters, String name) {
    return Objects.requireNonNull(meters.find(name).timer(), name);
  }

  private static Map<String, String> attributes(SpanData span) {
    Map<String, String> attributes = new TreeMap<>();
    span.getAttributes()
        .forEach((key, value) -> attributes.put(key.getKey(), String.valueOf(value)));
    return attributes;
  }

  private static Metadata headers(String name, String value) {
    Metadata headers = new Metadata();
    headers.put(key(name), value);
    return headers;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
