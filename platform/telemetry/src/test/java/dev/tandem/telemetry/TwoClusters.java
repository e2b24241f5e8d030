package dev.tandem.telemetry;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A client in beijing and a server in shanghai, over real gRPC, with everything they record. */
final class TwoClusters implements AutoCloseable {

  final InMemorySpanExporter spans = InMemorySpanExporter.create();
  final SimpleMeterRegistry serverMeters = new SimpleMeterRegistry();
  final SimpleMeterRegistry clientMeters = new SimpleMeterRegistry();
  final Echo echo = new Echo();

  private final Tracing serverTracing;
  private final Tracing clientTracing;
  private final Server server;
  private final ManagedChannel channel;
  private final ClientTelemetryInterceptor client;

  TwoClusters() throws IOException {
    this(Map.of("tandem.telemetry.export", "otlp"));
  }

  /** Spans go to memory with export=otlp, nowhere with export=none. */
  TwoClusters(Map<String, String> properties) throws IOException {
    Map<String, String> all = new HashMap<>(properties);
    all.put("tandem.telemetry.endpoint", "http://127.0.0.1:1");
    TelemetrySettings settings = Settings.of(all);
    serverTracing = tracing(settings, instance("user", "shanghai"));
    clientTracing = tracing(settings, instance("payment", "beijing"));
    ServerTelemetryInterceptor interceptor =
        new ServerTelemetryInterceptor(
            new CallTelemetry(settings, instance("user", "shanghai"), serverTracing, serverMeters));
    Metadata answers = new Metadata();
    answers.put(ClusterNames.SERVER, "shanghai");
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                ServerInterceptors.interceptForward(
                    echo.service(),
                    echo,
                    MetadataUtils.newAttachMetadataServerInterceptor(answers),
                    interceptor))
            .build()
            .start();
    client =
        new ClientTelemetryInterceptor(
            new CallTelemetry(
                settings, instance("payment", "beijing"), clientTracing, clientMeters));
    channel =
        Grpc.newChannelBuilderForAddress(
                "localhost", server.getPort(), InsecureChannelCredentials.create())
            .build();
  }

  static ServiceInstance instance(String service, String cluster) {
    return new ServiceInstance(
        service,
        "0123456789ab",
        cluster,
        Optional.of("cn-east"),
        Optional.of("cn-east-1"),
        Optional.of("tandem"),
        service + "-5d9c-x7k2p",
        "sha256:feed",
        "c0ffee");
  }

  private Tracing tracing(TelemetrySettings settings, ServiceInstance instance) {
    return Tracing.start(
        settings,
        instance,
        settings.export() == TelemetrySettings.Export.NONE
            ? Optional.empty()
            : Optional.of(SimpleSpanProcessor.create(spans)));
  }

  /** The channel of a client that has the library. */
  Channel channel() {
    return ClientInterceptors.intercept(channel, client);
  }

  /** The channel of a client that has it not, and sends this. */
  Channel strangersChannel(Metadata headers) {
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  int port() {
    return server.getPort();
  }

  SpanData serverSpan() {
    return span(SpanKind.SERVER);
  }

  SpanData clientSpan() {
    return span(SpanKind.CLIENT);
  }

  private SpanData span(SpanKind kind) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getKind() == kind)
        .reduce(
            (_, _) -> {
              throw new AssertionError("more than one: " + spans.getFinishedSpanItems());
            })
        .orElseThrow(() -> new AssertionError("no span of kind " + kind));
  }

  /** From now on nobody listens on the server's port. */
  void stopTheServer() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    clientTracing.close();
    serverTracing.close();
  }
}
