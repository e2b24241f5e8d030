package dev.tandem.payment;

import static org.awaitility.Awaitility.await;

import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.GetPaymentRequest;
import dev.tandem.payment.v1.Payment;
import dev.tandem.payment.v1.PaymentServiceGrpc;
import dev.tandem.payment.v1.PaymentServiceGrpc.PaymentServiceBlockingStub;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;

/** Talks to the running service over its own channel, as a caller does. */
final class PaymentCaller implements AutoCloseable {

  private final ManagedChannel channel;

  PaymentCaller() {
    this("127.0.0.1");
  }

  /** As a proxy would call, which may have changed the host. */
  PaymentCaller(String authority) {
    channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1",
                port("quarkus.grpc.server.test-port"),
                InsecureChannelCredentials.create())
            .overrideAuthority(authority)
            .build();
  }

  private static int port(String key) {
    return ConfigProvider.getConfig().getValue(key, Integer.class);
  }

  /** The service takes its time to reach the database and make the tables. */
  static void awaitReadiness() {
    await().atMost(Duration.ofSeconds(60)).until(() -> httpStatus("/health/ready") == 200);
  }

  static ChargeRequest.Builder aCharge() {
    return ChargeRequest.newBuilder()
        .setIdempotencyKey(UUID.randomUUID().toString())
        .setUserId("ada")
        .setAmountMinor(1999)
        .setCurrencyCode("CNY");
  }

  ManagedChannel channel() {
    return channel;
  }

  PaymentServiceBlockingStub payments() {
    return PaymentServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  ChargeResponse charge(ChargeRequest request) {
    return payments().charge(request);
  }

  Payment payment(String paymentId) {
    return payments()
        .getPayment(GetPaymentRequest.newBuilder().setPaymentId(paymentId).build())
        .getPayment();
  }

  /** The status of a charge that must fail. */
  Status refusalOf(ChargeRequest request) {
    try {
      ChargeResponse response = charge(request);
      throw new AssertionError("not refused: " + response);
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  /** What grpc.health.v1 says of a service; of the whole server for the empty name. */
  ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  static int httpStatus(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port("quarkus.http.test-port") + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  /** What a Prometheus is given. */
  static String metrics() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port("quarkus.http.test-port") + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(uri).header("Accept", "text/plain").build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
