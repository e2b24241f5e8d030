package dev.tandem.payment;

import dev.tandem.payment.v1.ChargeRequest;
import dev.tandem.payment.v1.ChargeResponse;
import dev.tandem.payment.v1.GetPaymentRequest;
import dev.tandem.payment.v1.GetPaymentResponse;
import dev.tandem.payment.v1.PaymentServiceGrpc.PaymentServiceImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * tandem.payment.v1 on the wire. Its calls wait for the database and the user service, each on a
 * virtual thread.
 */
@GrpcService
final class PaymentGrpcService extends PaymentServiceImplBase {

  /** {@link UUID#fromString} takes "1-1-1-1-1" too. */
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final Charging charging;
  private final PaymentLedger ledger;

  @Inject
  PaymentGrpcService(Charging charging, PaymentLedger ledger) {
    this.charging = charging;
    this.ledger = ledger;
  }

  @Override
  @RunOnVirtualThread
  public void charge(ChargeRequest request, StreamObserver<ChargeResponse> response) {
    answer(response, () -> charge(request));
  }

  private Answer<ChargeResponse> charge(ChargeRequest request) {
    return switch (Charge.check(request)) {
      case Charge.Check.Invalid invalid -> new Answer.Failure<>(PaymentStatus.of(invalid));
      case Charge.Check.Valid(Charge charge) ->
          switch (charging.charge(charge)) {
            case ChargeOutcome.Charged(StoredPayment payment, boolean replayed) ->
                new Answer.Reply<>(
                    ChargeResponse.newBuilder()
                        .setPayment(payment.toMessage())
                        .setReplayed(replayed)
                        .build());
            case ChargeOutcome.KeyUsedForAnotherCharge used ->
                new Answer.Failure<>(PaymentStatus.of(used));
            case ChargeOutcome.UnknownUser unknown ->
                new Answer.Failure<>(PaymentStatus.of(unknown));
          };
    };
  }

  @Override
  @RunOnVirtualThread
  public void getPayment(GetPaymentRequest request, StreamObserver<GetPaymentResponse> response) {
    answer(response, () -> payment(request.getPaymentId()));
  }

  private Answer<GetPaymentResponse> payment(String paymentId) {
    if (!UUID_TEXT.matcher(paymentId).matches()) {
      return new Answer.Failure<>(
          Status.INVALID_ARGUMENT.withDescription("payment_id must be a UUID"));
    }
    Optional<StoredPayment> payment = ledger.find(UUID.fromString(paymentId));
    if (payment.isEmpty()) {
      return new Answer.Failure<>(
          Status.NOT_FOUND.withDescription(
              "no payment has the payment_id \"%s\"".formatted(paymentId)));
    }
    return new Answer.Reply<>(
        GetPaymentResponse.newBuilder().setPayment(payment.get().toMessage()).build());
  }

  private static <T> void answer(StreamObserver<T> response, Work<T> work) {
    Answer<T> answer;
    try {
      answer = work.run();
    } catch (RuntimeException e) {
      answer = new Answer.Failure<>(PaymentStatus.of(e));
    }
    switch (answer) {
      case Answer.Reply<T>(T message) -> {
        response.onNext(message);
        response.onCompleted();
      }
      case Answer.Failure<T>(Status status) -> response.onError(status.asRuntimeException());
    }
  }

  private sealed interface Answer<T> {

    record Reply<T>(T message) implements Answer<T> {}

    record Failure<T>(Status status) implements Answer<T> {}
  }

  @FunctionalInterface
  private interface Work<T> {
    Answer<T> run();
  }
}
