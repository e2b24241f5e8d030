package dev.tandem.auth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
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
import javax.net.ssl.SSLContext;

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
    this(mood, server());
  }

  /** One that encrypts, as this certificate's owner. */
  KeyServer(Mood mood, SSLContext tls) {
    this(mood, encrypting(tls));
  }

  private KeyServer(Mood mood, HttpServer server) {
    this.mood = mood;
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpServer encrypting(SSLContext tls) {
    try {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    String start = server instanceof HttpsServer ? "https://localhost:" : "http://127.0.0.1:";
    return start + server.getAddress().getPort() + "/jwks.json";
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
