package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Surroundings.class)
class DatabaseOutageTest {

  private PaymentCaller caller;

  @BeforeEach
  void connect() {
    PaymentCaller.awaitReadiness();
    caller = new PaymentCaller();
    await().until(() -> caller.health("") == ServingStatus.SERVING);
  }

  @AfterEach
  void disconnect() {
    caller.close();
  }

  @Test
  void aChargeThatMetAStoppedDatabaseSucceedsLaterUnderTheSameKey() throws Exception {
    ChargeRequest request = aCharge().build();
    caller.charge(aCharge().build());
    Surroundings.database().stop();
    try {
      Status refusal = caller.refusalOf(request);

      assertThat(refusal.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refusal.getDescription()).startsWith("the database cannot be reached");
      assertThat(PaymentCaller.httpStatus("/health/live")).isEqualTo(200);
      assertThat(PaymentCaller.httpStatus("/health/started")).isEqualTo(200);
      assertThat(PaymentCaller.httpStatus("/health/ready")).isEqualTo(200);
      assertThat(caller.health("")).isEqualTo(ServingStatus.SERVING);
    } finally {
      Surroundings.database().start();
    }
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isZero();

    ChargeResponse response = caller.charge(request);

    assertThat(response.getReplayed()).isFalse();
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isEqualTo(1);
  }

  @Test
  void aDatabaseThatFallsSilentIsReportedBeforeTheCallersDeadline() throws Exception {
    ChargeRequest request = aCharge().build();
    caller.charge(aCharge().build());
    Surroundings.wire().silence();
    try {
      Status refusal = refusalWithin(5, request);

      assertThat(refusal.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refusal.getDescription()).startsWith("the database cannot be reached");
      assertThat(PaymentCaller.httpStatus("/health/live")).isEqualTo(200);
    } finally {
      Surroundings.wire().speak();
    }

    assertThat(caller.charge(request).hasPayment()).isTrue();
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isEqualTo(1);
  }

  private Status refusalWithin(long seconds, ChargeRequest request) {
    try {
      ChargeResponse response =
          caller.payments().withDeadlineAfter(seconds, TimeUnit.SECONDS).charge(request);
      throw new AssertionError("not refused: " + response);
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }
}
