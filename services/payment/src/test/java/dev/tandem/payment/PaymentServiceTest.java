package dev.tandem.payment;

import static dev.tandem.payment.PaymentCaller.aCharge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.Payment;
import dev.tandem.transport.ServerIdentityInterceptor;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(Surroundings.class)
class PaymentServiceTest {

  /** tandem.resilience.deadline.reserve. */
  private static final long RESERVE_MILLIS = 50;

  @Inject PaymentLedger ledger;

  private PaymentCaller caller;

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
  void chargesAndReadsTheSamePaymentBack() {
    ChargeRequest request = aCharge().build();

    ChargeResponse response = caller.charge(request);

    Payment payment = response.getPayment();
    assertThat(response.getReplayed()).isFalse();
    assertThat(payment.getIdempotencyKey()).isEqualTo(request.getIdempotencyKey());
    assertThat(payment.getUserId()).isEqualTo("ada");
    assertThat(payment.getUserName()).isEqualTo("Ada Lovelace");
    assertThat(payment.getAmountMinor()).isEqualTo(1999);
    assertThat(payment.getCurrencyCode()).isEqualTo("CNY");
    assertThat(Instant.ofEpochSecond(payment.getCreateTime().getSeconds()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    assertThat(caller.payment(payment.getPaymentId())).isEqualTo(payment);
  }

  @Test
  void givesTheSamePaymentForTheSameKey() throws Exception {
    ChargeRequest request = aCharge().build();
    ChargeResponse first = caller.charge(request);

    ChargeResponse second = caller.charge(request);

    assertThat(second.getReplayed()).isTrue();
    assertThat(second.getPayment()).isEqualTo(first.getPayment());
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isEqualTo(1);
  }

  @Test
  void storesNothingForACallerWhoIsGone() throws SQLException {
    Charge charge = new Charge("gone-" + UUID.randomUUID(), "ada", 1999, "CNY", FurtherFields.NONE);
    UserName name = UserName.now("Ada Lovelace");
    Context.CancellableContext gone = Context.current().withCancellation();
    gone.cancel(null);

    gone.run(
        () ->
            assertThatExceptionOfType(LedgerException.Abandoned.class)
                .isThrownBy(() -> ledger.insert(charge, name)));

    assertThat(StoredRows.underKey(charge.idempotencyKey())).isZero();
    assertThat(ledger.insert(charge, name)).isPresent();
  }

  static List<Arguments> otherCharges() {
    return List.of(
        otherCharge("amount", charge -> charge.setAmountMinor(2000)),
        otherCharge("user", charge -> charge.setUserId("grace")),
        otherCharge("currency", charge -> charge.setCurrencyCode("EUR")));
  }

  private static Arguments otherCharge(String name, UnaryOperator<ChargeRequest.Builder> change) {
    return Arguments.of(Named.of("another " + name, change));
  }

  @ParameterizedTest
  @MethodSource("otherCharges")
  void refusesAKeyThatStandsForAnotherCharge(UnaryOperator<ChargeRequest.Builder> change) {
    ChargeRequest.Builder charge = aCharge();
    Payment first = caller.charge(charge.build()).getPayment();

    Status refusal = caller.refusalOf(change.apply(charge).build());

    assertThat(refusal.getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(refusal.getDescription())
        .isEqualTo(
            "idempotency_key \"%s\" was used for another user, amount or currency"
                .formatted(charge.getIdempotencyKey()));
    assertThat(caller.payment(first.getPaymentId())).isEqualTo(first);
  }

  static List<Arguments> malformedCharges() {
    return List.of(
        malformed("idempotency_key is missing", charge -> charge.setIdempotencyKey("")),
        malformed(
            "idempotency_key is longer than 128 bytes",
            charge -> charge.setIdempotencyKey("k".repeat(129))),
        malformed(
            "idempotency_key is longer than 128 bytes",
            charge -> charge.setIdempotencyKey("键".repeat(43))),
        malformed(
            "idempotency_key contains a NUL character", charge -> charge.setIdempotencyKey("a\0b")),
        malformed("user_id is missing", charge -> charge.setUserId("")),
        malformed("user_id is longer than 128 bytes", charge -> charge.setUserId("u".repeat(129))),
        malformed(
            "amount_minor must be greater than zero, not 0", charge -> charge.setAmountMinor(0)),
        malformed(
            "amount_minor must be greater than zero, not -1", charge -> charge.setAmountMinor(-1)),
        malformed(
            "amount_minor must be greater than zero, not -9223372036854775808",
            charge -> charge.setAmountMinor(Long.MIN_VALUE)),
        unknownCurrency(""),
        unknownCurrency("cny"),
        unknownCurrency("ZZZ"),
        unknownCurrency("XXX"),
        unknownCurrency("XAU"),
        unknownCurrency("CNY "));
  }

  private static Arguments unknownCurrency(String code) {
    return malformed(
        "currency_code must be the ISO 4217 code of a currency, such as CNY",
        charge -> charge.setCurrencyCode(code));
  }

  private static Arguments malformed(String reason, UnaryOperator<ChargeRequest.Builder> change) {
    return Arguments.of(reason, Named.of("such a charge", change));
  }

  @ParameterizedTest
  @MethodSource("malformedCharges")
  void refusesAMalformedCharge(String reason, UnaryOperator<ChargeRequest.Builder> change) {
    Status refusal = caller.refusalOf(change.apply(aCharge()).build());

    assertThat(refusal.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getDescription()).isEqualTo(reason);
  }

  @Test
  void takesTheLongestKeyAndTheLargestAmount() {
    ChargeRequest request =
        aCharge()
            .setIdempotencyKey(UUID.randomUUID() + "k".repeat(128 - 36))
            .setAmountMinor(Long.MAX_VALUE)
            .build();

    assertThat(caller.charge(request).getPayment().getAmountMinor()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusesAKeyOfTenMebibytesAndServesTheNextCall() {
    Status refusal =
        caller.refusalOf(aCharge().setIdempotencyKey("k".repeat(10 * 1024 * 1024)).build());

    assertThat(refusal.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refusal.getDescription()).contains("4194304");
    assertThat(caller.charge(aCharge().build()).hasPayment()).isTrue();
  }

  @Test
  void refusesAnUnknownUserAndStoresNothing() throws Exception {
    ChargeRequest request = aCharge().setUserId("nobody").build();

    Status refusal = caller.refusalOf(request);

    assertThat(refusal.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refusal.getDescription()).isEqualTo("no user has the user_id \"nobody\"");
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isZero();
  }

  @Test
  void makesOnePaymentOfManyEqualChargesAtOnce() throws Exception {
    ChargeRequest request = aCharge().build();

    List<ChargeResponse> responses = atOnce(32, () -> caller.charge(request));

    assertThat(responses)
        .extracting(ChargeResponse::getPayment)
        .containsOnly(responses.getFirst().getPayment());
    assertThat(responses).filteredOn(response -> !response.getReplayed()).hasSize(1);
    assertThat(StoredRows.underKey(request.getIdempotencyKey())).isEqualTo(1);
  }

  @Test
  void letsOneOfManyDifferentChargesUnderOneKeyWin() throws Exception {
    ChargeRequest.Builder charge = aCharge();
    AtomicReference<Long> amount = new AtomicReference<>(1L);

    List<Status.Code> codes =
        atOnce(
            16,
            () -> {
              long mine = amount.getAndUpdate(last -> last + 1);
              try {
                caller.charge(charge.clone().setAmountMinor(mine).build());
                return Status.Code.OK;
              } catch (StatusRuntimeException e) {
                return e.getStatus().getCode();
              }
            });

    assertThat(codes).containsOnly(Status.Code.OK, Status.Code.ALREADY_EXISTS);
    assertThat(codes).filteredOn(Status.Code.OK::equals).hasSize(1);
    assertThat(StoredRows.underKey(charge.getIdempotencyKey())).isEqualTo(1);
  }

  @Test
  void saysThatTheUserServiceCannotBeReachedAndStoresNothing() throws Exception {
    ChargeRequest request = aCharge().setUserId("hedy").build();
    Surroundings.users().stop();
    try {
      Status refusal = caller.refusalOf(request);

      assertThat(refusal.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refusal.getDescription()).startsWith("the user service cannot be reached");
      assertThat(StoredRows.underKey(request.getIdempotencyKey())).isZero();
    } finally {
      Surroundings.users().start();
    }
    // The channel between the two services tries again after a second or so.
    await()
        .ignoreExceptionsMatching(StatusRuntimeException.class::isInstance)
        .untilAsserted(() -> assertThat(caller.charge(request).getReplayed()).isFalse());
  }

  @Test
  void answersARepeatedChargeWithoutTheUserService() throws Exception {
    ChargeRequest request = aCharge().build();
    Payment payment = caller.charge(request).getPayment();
    Surroundings.users().stop();
    try {
      assertThat(caller.charge(request).getPayment()).isEqualTo(payment);
    } finally {
      Surroundings.users().start();
    }
  }

  @Test
  void doesNotWaitForAUserServiceThatNeverAnswers() {
    Status refusal = caller.refusalOf(aCharge().setUserId("silent").build());

    assertThat(refusal.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(refusal.getDescription()).startsWith("the user service did not answer in time");
  }

  @Test
  void passesAShorterDeadlineOfTheCallerOn() throws Exception {
    Surroundings.users().forgetDeadlines();

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                caller
                    .payments()
                    .withDeadlineAfter(1, TimeUnit.SECONDS)
                    .charge(aCharge().setUserId("silent").build()))
        .satisfies(
            error ->
                assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));

    assertThat(
            Objects.requireNonNull(Surroundings.users().nextDeadline())
                .timeRemaining(TimeUnit.MILLISECONDS))
        .isLessThanOrEqualTo(1000 - RESERVE_MILLIS);
  }

  @Test
  void passesAShorterDeadlineOnFromAWorkerThreadToo() throws Exception {
    Surroundings.users().forgetDeadlines();

    UserServiceGrpc.newBlockingStub(caller.channel())
        .withDeadlineAfter(1, TimeUnit.SECONDS)
        .getUser(GetUserRequest.newBuilder().setUserId("ada").build());

    assertThat(
            Objects.requireNonNull(Surroundings.users().nextDeadline())
                .timeRemaining(TimeUnit.MILLISECONDS))
        .isLessThanOrEqualTo(1000 - RESERVE_MILLIS);
  }

  @ParameterizedTest
  @CsvSource({
    "'', INVALID_ARGUMENT",
    "1-1-1-1-1, INVALID_ARGUMENT",
    "payment, INVALID_ARGUMENT",
    "00000000-0000-0000-0000-000000000000, NOT_FOUND",
  })
  void findsNoOtherPayment(String paymentId, Status.Code code) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> caller.payment(paymentId))
        .satisfies(error -> assertThat(error.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void namesItselfAndNotTheUserService() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();

    caller
        .payments()
        .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .charge(aCharge().build());

    assertThat(Objects.requireNonNull(headers.get()).getAll(ServerIdentityInterceptor.CLUSTER))
        .containsExactly("local");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tandem.payment.v1.PaymentService"})
  void reportsItsHealthOverGrpc(String service) {
    await()
        .untilAsserted(() -> assertThat(caller.health(service)).isEqualTo(ServingStatus.SERVING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/health/started"})
  void reportsItsHealthOverHttp(String path) throws Exception {
    assertThat(PaymentCaller.httpStatus(path)).isEqualTo(200);
  }

  /** Runs the call in as many threads, all released at the same moment. */
  private static <T> List<T> atOnce(int count, Callable<T> call) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }
}
