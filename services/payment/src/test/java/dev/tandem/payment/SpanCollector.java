package dev.tandem.payment;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Takes the spans that the service exports: OTLP over HTTP. */
public final class SpanCollector implements QuarkusTestResourceLifecycleManager {

  private static final List<Span> SPANS = new CopyOnWriteArrayList<>();

  private @Nullable HttpServer server;

  static List<Span> spansOf(String trace, Span.SpanKind kind) {
    return SPANS.stream()
        .filter(span -> hex(span.getTraceId()).equals(trace) && span.getKind() == kind)
        .toList();
  }

  static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/v1/traces", SpanCollector::take);
      server.start();
      return Map.of(
          "tandem.telemetry.export", "otlp",
          "tandem.telemetry.endpoint", "http://127.0.0.1:" + server.getAddress().getPort(),
          "tandem.telemetry.export-delay", "10ms");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource
                      .getScopeSpansList()
                      .forEach(scope -> SPANS.addAll(scope.getSpansList())));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public void stop() {
    Objects.requireNonNull(server).stop(0);
  }
}
