package dev.tandem.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A collector that takes spans by OTLP over HTTP, and can have bad days. */
final class Collector implements AutoCloseable {

  /** What was taken. */
  final BlockingQueue<ExportTraceServiceRequest> taken = new LinkedBlockingQueue<>();

  /** The headers of what was taken. */
  final BlockingQueue<List<String>> authorizations = new LinkedBlockingQueue<>();

  final AtomicInteger requests = new AtomicInteger();

  private final CountDownLatch freed = new CountDownLatch(1);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private volatile int busyFor;
  private volatile boolean refusing;
  private volatile boolean frozen;

  Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Says 503 this many times. */
  void busyFor(int times) {
    busyFor = times;
  }

  /** Says 400, after which nobody tries again. */
  void refuse(boolean value) {
    refusing = value;
  }

  /** Takes requests, and answers none before it is closed. */
  void freeze() {
    frozen = true;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      ExportTraceServiceRequest request =
          ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      if (frozen) {
        freed.await();
      }
      if (requests.incrementAndGet() <= busyFor) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      if (refusing) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      authorizations.add(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
      taken.add(request);
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    freed.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
