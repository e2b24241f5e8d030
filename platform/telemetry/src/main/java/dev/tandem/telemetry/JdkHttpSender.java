package dev.tandem.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Posts what OpenTelemetry's exporter writes with the JDK's own client. OpenTelemetry's default
 * brings OkHttp and Kotlin into the image, and its sender for the JDK's client is not to be had in
 * this version.
 *
 * <p>An export is tried again as <a
 * href="https://opentelemetry.io/docs/specs/otlp/#failures-1">OTLP</a> has it, within one timeout
 * for all tries.
 */
final class JdkHttpSender implements HttpSender {

  private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(429, 502, 503, 504);

  private final HttpSenderConfig config;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  JdkHttpSender(HttpSenderConfig config) {
    this.config = config;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .executor(executor)
            // Without TLS, HTTP/2 would begin with an upgrade, which proxies on the way may refuse.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.getConnectTimeout());
    if (config.getSslContext() != null) {
      builder.sslContext(config.getSslContext());
    }
    this.client = builder.build();
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
    try {
      // Written now: the exporter uses its buffers again once this returns.
      new Export(body(message), onResponse, onError).attempt();
    } catch (IOException | RuntimeException e) {
      onError.accept(e);
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    client.shutdownNow();
    executor.shutdown();
    return CompletableResultCode.ofSuccess();
  }

  private byte[] body(MessageWriter message) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Compressor compressor = config.getCompressor();
    try (OutputStream out = compressor == null ? body : compressor.compress(body)) {
      message.writeMessage(out);
    }
    return body.toByteArray();
  }

  private final class Export {

    private final byte[] body;
    private final Consumer<HttpResponse> onResponse;
    private final Consumer<Throwable> onError;
    private final long end = System.nanoTime() + config.getTimeout().toNanos();
    private int attempts;

    private Export(byte[] body, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
      this.body = body;
      this.onResponse = onResponse;
      this.onError = onError;
    }

    private void attempt() {
      attempts++;
      client
          .sendAsync(request(), BodyHandlers.ofByteArray())
          .whenComplete(this::answered)
          // A callback that fails is an exporter's defect, which it would log itself.
          .exceptionally(failure -> null);
    }

    private HttpRequest request() {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(config.getEndpoint())
              .timeout(Duration.ofNanos(Math.max(1, end - System.nanoTime())))
              .header("Content-Type", config.getContentType())
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      Compressor compressor = config.getCompressor();
      if (compressor != null) {
        request.header("Content-Encoding", compressor.getEncoding());
      }
      config
          .getHeadersSupplier()
          .get()
          .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
      return request.build();
    }

    private void answered(
        java.net.http.@Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
      if (response == null) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof IOException) || !tryAgain()) {
          onError.accept(cause);
        }
      } else if (!WORTH_ANOTHER_TRY.contains(response.statusCode()) || !tryAgain()) {
        onResponse.accept(new Answer(response.statusCode(), response.body()));
      }
    }

    private boolean tryAgain() {
      RetryPolicy policy = config.getRetryPolicy();
      if (policy == null || attempts >= policy.getMaxAttempts()) {
        return false;
      }
      long pause = pauseNanos(policy);
      if (System.nanoTime() + pause - end >= 0) {
        return false;
      }
      CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, executor)
          .execute(this::attempt);
      return true;
    }

    /** Grows with each try, and is drawn, so that clients do not come back all at once. */
    private long pauseNanos(RetryPolicy policy) {
      double grown =
          (double) policy.getInitialBackoff().toNanos()
              * Math.pow(policy.getBackoffMultiplier(), attempts - 1);
      long limit = (long) Math.min(grown, (double) policy.getMaxBackoff().toNanos());
      return ThreadLocalRandom.current().nextLong(limit / 2, limit + 1);
    }
  }

  private static final class Answer implements HttpResponse {

    private final int status;
    private final byte[] body;

    private Answer(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    @Override
    public int getStatusCode() {
      return status;
    }

    @Override
    public String getStatusMessage() {
      // The JDK's client does not give the reason phrase, which HTTP/2 has no more.
      return "HTTP " + status;
    }

    @Override
    public byte[] getResponseBody() {
      return body;
    }
  }
}
