package dev.tandem.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.GetPaymentRequest;
import dev.tandem.payment.v1.Payment;
import dev.tandem.payment.v1.PaymentServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Payment is a client of user, and a server of callers that may be newer than it is. */
class PaymentPassesOnTest {

  private static final long PATIENCE_SECONDS = 120;

  private static EmbeddedPostgres database;
  private static ServiceProcess oldUser;
  private static ServiceProcess newUser;

  /** Two payment services over one database, one for each generation of user. */
  private static ServiceProcess overOldUser;

  private static ServiceProcess overNewUser;

  @BeforeAll
  static void start() throws Exception {
    database = EmbeddedPostgres.start();
    oldUser =
        ServiceProcess.start(
            "user", "old-user-of-payment", Map.of("TANDEM_USER_NEWEST_VERSION", "v1"));
    newUser = ServiceProcess.start("user", "new-user-of-payment", Map.of());
    overOldUser = payment("payment-over-old-user", oldUser);
    overNewUser = payment("payment-over-new-user", newUser);
    // It serves before its tables are there.
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .ignoreExceptionsMatching(StatusRuntimeException.class::isInstance)
        .until(
            () ->
                generations().stream()
                    .allMatch(payment -> client(payment).charge(charge().build()).hasPayment()));
  }

  private static ServiceProcess payment(String name, ServiceProcess user) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("TANDEM_PAYMENT_DATABASE_URL", database.getJdbcUrl("postgres", "postgres"));
    environment.put("TANDEM_PAYMENT_DATABASE_USERNAME", "postgres");
    environment.put("TANDEM_PAYMENT_DATABASE_PASSWORD", "postgres");
    environment.put("TANDEM_TRANSPORT_CHANNELS_USER_TARGET", "127.0.0.1:" + user.port());
    environment.put("QUARKUS_GRPC_CLIENTS_USER_HOST", "127.0.0.1");
    environment.put("QUARKUS_GRPC_CLIENTS_USER_PORT", Integer.toString(user.port()));
    return ServiceProcess.start("payment", name, environment);
  }

  @AfterAll
  static void stop() throws Exception {
    overNewUser.close();
    overOldUser.close();
    newUser.close();
    oldUser.close();
    database.close();
  }

  static List<ServiceProcess> generations() {
    return List.of(overOldUser, overNewUser);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("generations")
  void chargesWhicheverUserServiceItCalls(ServiceProcess payment) {
    ChargeResponse response = client(payment).charge(charge().build());

    assertThat(response.getPayment().getUserName()).isEqualTo("Ada Lovelace");
    assertThat(response.getPayment().getUnknownFields())
        .isEqualTo(UnknownFieldSet.getDefaultInstance());
  }

  @Test
  void fieldsThatNoServerKnowsYetComeBackFromEveryServer() {
    UnknownFieldSet further =
        UnknownFieldSet.newBuilder()
            .addField(
                16,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("a reference of tomorrow"))
                    .build())
            .build();
    ChargeRequest request = charge().setUnknownFields(further).build();

    Payment charged = client(overOldUser).charge(request).getPayment();
    Payment read =
        client(overNewUser)
            .getPayment(GetPaymentRequest.newBuilder().setPaymentId(charged.getPaymentId()).build())
            .getPayment();

    assertThat(charged.getUnknownFields()).isEqualTo(further);
    assertThat(read).isEqualTo(charged);
    assertThat(client(overNewUser).charge(request).getReplayed()).isTrue();
  }

  private static PaymentServiceGrpc.PaymentServiceBlockingStub client(ServiceProcess payment) {
    return PaymentServiceGrpc.newBlockingStub(payment.channel())
        .withWaitForReady()
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static ChargeRequest.Builder charge() {
    return ChargeRequest.newBuilder()
        .setIdempotencyKey(UUID.randomUUID().toString())
        .setUserId("ada")
        .setAmountMinor(1999)
        .setCurrencyCode("CNY");
  }
}
