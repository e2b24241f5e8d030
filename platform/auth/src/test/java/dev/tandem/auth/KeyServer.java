package dev.tandem.auth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer's key server on a real socket, in every mood. */
final class KeyServer implements AutoCloseable {

  /** How often it was asked. */
  final AtomicInteger reads = new AtomicInteger();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch never = new CountDownLatch(1);
  private final HttpServer server;
  private volatile Mood mood;

  /** How it answers. */
  @FunctionalInterface
  interface Mood {
    void answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  KeyServer(Mood mood) {
    this.mood = mood;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json";
  }

  void become(Mood next) {
    mood = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    reads.incrementAndGet();
    try (exchange) {
      mood.answer(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Mood giving(byte[] body) {
    return status(200, body);
  }

  static Mood status(int status, byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  static Mood redirecting(String to) {
    return exchange -> {
      exchange.getResponseHeaders().set("location", to);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** Never says a word. */
  Mood silent() {
    return exchange -> never.await();
  }

  /** Sends headers and half of a body, then nothing more. */
  Mood stuck(byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, body.length / 2);
      exchange.getResponseBody().flush();
      never.await();
    };
  }

  /** Sends for ever. */
  static Mood endless() {
    return exchange -> {
      byte[] block = new byte[8192];
      Arrays.fill(block, (byte) ' ');
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream body = exchange.getResponseBody()) {
        while (true) {
          body.write(block);
        }
      } catch (IOException e) {
        // The reader has seen enough.
      }
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
