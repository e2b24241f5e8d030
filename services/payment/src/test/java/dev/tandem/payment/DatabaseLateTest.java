package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The service starts first, its database later. */
@QuarkusTest
@WithTestResource(Surroundings.WithoutDatabase.class)
class DatabaseLateTest {

  @Test
  void becomesReadyByItselfWhenTheDatabaseComesUp() throws Exception {
    try (PaymentCaller caller = new PaymentCaller()) {
      assertThat(PaymentCaller.httpStatus("/health/live")).isEqualTo(200);
      assertThat(PaymentCaller.httpStatus("/health/ready")).isEqualTo(503);
      assertThat(caller.refusalOf(aCharge().build()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

      Surroundings.database().start();

      PaymentCaller.awaitReadiness();
      assertThat(caller.charge(aCharge().build()).hasPayment()).isTrue();
    }
  }
}
