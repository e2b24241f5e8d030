package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.Payment;
import dev.tandem.resilience.BreakerState;
import dev.tandem.resilience.Resilience;
import io.grpc.Status;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Surroundings.WithTouchyBreaker.class)
class UserServiceOutageTest {

  private static final String USERS = "tandem.user.v1.UserService";
  private static final int LONGER_THAN_A_NAME_IS_GOOD = 25;

  @Inject Resilience resilience;

  private PaymentCaller caller;

  @BeforeEach
  void connect() throws Exception {
    PaymentCaller.awaitReadiness();
    caller = new PaymentCaller();
  }

  @AfterEach
  void disconnect() {
    caller.close();
  }

  /** The user service is back, and payments know it. */
  private void restore() throws Exception {
    Surroundings.users().start();
    await()
        .until(
            () -> {
              ChargeRequest unknown = aCharge().setUserId("nobody").build();
              return caller.refusalOf(unknown).getCode() == Status.Code.FAILED_PRECONDITION
                  && resilience.breaker(USERS) == BreakerState.CLOSED;
            });
  }

  @Test
  void aUserWhoWasChargedLatelyIsChargedUnderTheNameOfThen() throws Exception {
    Payment earlier = caller.charge(aCharge().build()).getPayment();
    ChargeRequest request = aCharge().build();
    Surroundings.users().stop();
    try {
      ChargeResponse degraded = caller.charge(request);

      Payment payment = degraded.getPayment();
      assertThat(earlier.hasUserNameAsOf()).isFalse();
      assertThat(payment.getUserName()).isEqualTo("Ada Lovelace");
      assertThat(payment.getUserNameAsOf()).isEqualTo(earlier.getCreateTime());
      assertThat(StoredRows.underKey(request.getIdempotencyKey())).isEqualTo(1);
      assertThat(caller.payment(payment.getPaymentId())).isEqualTo(payment);
    } finally {
      restore();
    }

    assertThat(caller.charge(request).getReplayed()).isTrue();
    assertThat(caller.charge(request).getPayment().hasUserNameAsOf()).isTrue();
    assertThat(caller.charge(aCharge().build()).getPayment().hasUserNameAsOf()).isFalse();
  }

  @Test
  void aUserWhomNobodyKnowsIsNotCharged() throws Exception {
    ChargeRequest request = aCharge().setUserId("hedy").build();
    Surroundings.users().stop();
    try {
      assertThat(caller.refusalOf(request).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(StoredRows.underKey(request.getIdempotencyKey())).isZero();
    } finally {
      restore();
    }
  }

  @Test
  void aNameGrowsOldHoweverOftenItIsUsed() throws Exception {
    ChargeRequest asked = aCharge().setUserId("katherine").build();
    caller.charge(asked);
    Surroundings.users().stop();
    try {
      Payment degraded = caller.charge(aCharge().setUserId("katherine").build()).getPayment();
      assertThat(degraded.hasUserNameAsOf()).isTrue();

      StoredRows.age(asked.getIdempotencyKey(), LONGER_THAN_A_NAME_IS_GOOD);

      assertThat(caller.refusalOf(aCharge().setUserId("katherine").build()).getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
    } finally {
      restore();
    }
  }

  /** What an alert is made of. */
  @Test
  void theScrapeSaysWhetherTheBreakerIsOpenAndHowCallsToTheUserServiceEnded() throws Exception {
    caller.charge(aCharge().build());
    await().untilAsserted(() -> assertThat(PaymentCaller.metrics()).contains(breaker("closed", 1)));
    Surroundings.users().stop();
    try {
      await()
          .until(
              () -> {
                caller.charge(aCharge().build());
                return PaymentCaller.metrics().contains(breaker("open", 1));
              });

      caller.charge(aCharge().build());

      assertThat(PaymentCaller.metrics())
          .contains("tandem_resilience_refusals_total{service=\"" + USERS + "\",}")
          .containsPattern(
              "rpc_client_call_duration_seconds_count\\{[^}]*rpc_method=\"tandem.user.v1.UserService/GetUser\",rpc_response_status_code=\"UNAVAILABLE\"")
          .contains(
              "tandem_api_calls_total{api=\"tandem.payment.v1\",caller=\"unverified\",state=\"ACTIVE\",}");
    } finally {
      restore();
    }
    assertThat(PaymentCaller.metrics()).contains(breaker("closed", 1)).contains(breaker("open", 0));
  }

  private static String breaker(String state, int value) {
    return "tandem_resilience_breaker{service=\"%s\",state=\"%s\",} %d.0"
        .formatted(USERS, state, value);
  }

  @Test
  void whileTheBreakerIsOpenPaymentsAreMadeWithoutAskingAndAfterItWithAsking() throws Exception {
    caller.charge(aCharge().build());
    Surroundings.users().stop();
    try {
      await()
          .until(
              () -> {
                caller.charge(aCharge().build());
                return resilience.isOpen(USERS);
              });

      assertThat(caller.charge(aCharge().build()).getPayment().hasUserNameAsOf()).isTrue();
    } finally {
      restore();
    }

    assertThat(caller.charge(aCharge().build()).getPayment().hasUserNameAsOf()).isFalse();
  }
}
