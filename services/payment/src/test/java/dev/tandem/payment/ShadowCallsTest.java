package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.Payment;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Copies of live calls, as Envoy marks them. */
@QuarkusTest
@WithTestResource(Surroundings.class)
class ShadowCallsTest {

  private PaymentCaller live;
  private PaymentCaller shadow;

  @BeforeEach
  void connect() {
    PaymentCaller.awaitReadiness();
    live = new PaymentCaller();
    shadow = new PaymentCaller("payment-shadow:9000");
  }

  @AfterEach
  void disconnect() {
    live.close();
    shadow.close();
  }

  @Test
  void areAnsweredAndNeverStored() throws Exception {
    ChargeRequest request = aCharge().build();

    ChargeResponse answer = shadow.charge(request);

    assertThat(answer.getPayment().getUserName()).isEqualTo("Ada Lovelace");
    assertThat(answer.getPayment().getAmountMinor()).isEqualTo(request.getAmountMinor());
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isZero();
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> live.payment(answer.getPayment().getPaymentId()));
  }

  @Test
  void doNotTakeTheKeyOfTheCallThatTheyCopy() throws Exception {
    ChargeRequest request = aCharge().build();
    shadow.charge(request);

    ChargeResponse charged = live.charge(request);

    assertThat(charged.getReplayed()).isFalse();
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isEqualTo(1);
  }

  @Test
  void seeThePaymentThatTheCallMade() {
    ChargeRequest request = aCharge().build();
    Payment made = live.charge(request).getPayment();

    ChargeResponse answer = shadow.charge(request);

    assertThat(answer.getReplayed()).isTrue();
    assertThat(answer.getPayment()).isEqualTo(made);
  }
}
