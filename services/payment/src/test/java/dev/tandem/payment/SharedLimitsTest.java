package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What platform/ratelimit makes of this service when its replicas count together. */
@QuarkusTest
@TestProfile(SharedLimitsTest.FiveCallsCountedTogether.class)
@WithTestResource(Surroundings.class)
class SharedLimitsTest {

  private PaymentCaller caller;

  /** The proxy whose word is taken is each test itself: it calls as somebody of its own. */
  public static final class FiveCallsCountedTogether implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "tandem.ratelimit.limit", "5/h",
          "tandem.ratelimit.trusted-proxies", "127.0.0.0/8",
          "tandem.ratelimit.store.type", "postgresql",
          "tandem.ratelimit.store.timeout", "10s");
    }
  }

  @BeforeEach
  void connect() {
    PaymentCaller.awaitReadiness();
    caller = new PaymentCaller();
  }

  @AfterEach
  void disconnect() {
    caller.close();
  }

  @Test
  void refusesWhatAnotherReplicaHasUsedUp() throws Exception {
    assertThat(chargeFrom("203.0.113.1")).isEqualTo(Status.Code.OK);

    usedUpElsewhere("a:203.0.113.1");

    assertThat(chargeFrom("203.0.113.1")).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(chargeFrom("203.0.113.2")).isEqualTo(Status.Code.OK);
  }

  @Test
  void countsAloneWhileTheDatabaseIsGone() throws Exception {
    assertThat(chargeFrom("203.0.113.3")).isEqualTo(Status.Code.OK);
    Surroundings.database().stop();
    try {
      for (int i = 0; i < 4; i++) {
        assertThat(chargeFrom("203.0.113.3"))
            .as("what payments themselves say")
            .isEqualTo(Status.Code.UNAVAILABLE);
      }
      assertThat(chargeFrom("203.0.113.3")).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    } finally {
      Surroundings.database().start();
    }
  }

  private Status.Code chargeFrom(String address) {
    Metadata forwarded = new Metadata();
    forwarded.put(Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER), address);
    try {
      var _ =
          caller
              .payments()
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(forwarded))
              .charge(aCharge().build());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static void usedUpElsewhere(String key) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres"
                    .formatted(Surroundings.database().port()));
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE tandem_ratelimit SET full_at = full_at + 4 * 720000000000 WHERE id = '%s 5/h burst 5'"
                      .formatted(key)))
          .isEqualTo(1);
    }
  }
}
