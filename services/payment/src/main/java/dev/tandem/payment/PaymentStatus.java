package dev.tandem.payment;

import io.grpc.Status;
import org.jboss.logging.Logger;

/** The one place where what went wrong becomes a status on the wire. */
final class PaymentStatus {

  private static final Logger LOG = Logger.getLogger(PaymentStatus.class);

  private static final Status CALLER_GONE = Status.CANCELLED.withDescription("the caller is gone");

  private PaymentStatus() {}

  static Status of(ChargeOutcome.UnknownUser outcome) {
    return Status.FAILED_PRECONDITION.withDescription(
        "no user has the user_id \"%s\"".formatted(outcome.userId()));
  }

  static Status of(ChargeOutcome.KeyUsedForAnotherCharge outcome) {
    return Status.ALREADY_EXISTS.withDescription(
        "idempotency_key \"%s\" was used for another user, amount or currency"
            .formatted(outcome.idempotencyKey()));
  }

  static Status of(Charge.Check.Invalid invalid) {
    return Status.INVALID_ARGUMENT.withDescription(invalid.reason());
  }

  static Status of(RuntimeException error) {
    return switch (error) {
      case LedgerException.Unavailable unavailable -> {
        LOG.warn(reason(unavailable));
        yield Status.UNAVAILABLE.withDescription(
            unavailable.getMessage() + ": repeat the call with the same idempotency_key");
      }
      case LedgerException.Abandoned _ -> CALLER_GONE;
      case UserServiceException userService -> of(userService);
      default -> {
        LOG.error("A defect of this service", error);
        yield Status.INTERNAL.withDescription("a defect of the payment service; its log says more");
      }
    };
  }

  /** One line: an outage fills the log fast enough without traces. */
  private static String reason(LedgerException.Unavailable unavailable) {
    return unavailable.getCause() == null
        ? String.valueOf(unavailable.getMessage())
        : unavailable.getMessage() + ": " + unavailable.getCause();
  }

  private static Status of(UserServiceException error) {
    return switch (error.code()) {
      case UNAVAILABLE ->
          Status.UNAVAILABLE.withDescription(
              "the user service cannot be reached: repeat the call with the same idempotency_key");
      case DEADLINE_EXCEEDED ->
          Status.DEADLINE_EXCEEDED.withDescription(
              "the user service did not answer in time: repeat the call with the same"
                  + " idempotency_key");
      case CANCELLED -> CALLER_GONE;
      // It was asked in the caller's name: the caller can renew its token or ask for the right.
      case UNAUTHENTICATED ->
          Status.UNAUTHENTICATED.withDescription("the user service does not accept the caller");
      case PERMISSION_DENIED ->
          Status.PERMISSION_DENIED.withDescription("the user service denies the caller this call");
      default -> {
        LOG.errorf(error.getCause(), "Unexpected: %s", error.getMessage());
        yield Status.INTERNAL.withDescription(error.getMessage());
      }
    };
  }
}
