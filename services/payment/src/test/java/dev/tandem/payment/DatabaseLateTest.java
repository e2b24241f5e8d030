package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
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
      assertThat(caller.health("")).isEqualTo(ServingStatus.NOT_SERVING);
      // The start is over although nothing is ready: what is missing is no reason to start again.
      await().until(() -> PaymentCaller.httpStatus("/health/started") == 200);
      assertThat(caller.refusalOf(aCharge().build()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

      Surroundings.database().start();

      PaymentCaller.awaitReadiness();
      assertThat(StoredRows.latestStatements())
          .as("what the pool's connections were asked before any call could reach them")
          .anyMatch(statement -> statement.contains("FROM payment"));
      await().until(() -> caller.health("") == ServingStatus.SERVING);
      assertThat(caller.charge(aCharge().build()).hasPayment()).isTrue();
    }
  }
}
