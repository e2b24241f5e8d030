package dev.tandem.payment;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The user service answered with an error that says nothing about the user. */
final class UserServiceException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Status.Code code;

  UserServiceException(StatusRuntimeException cause) {
    super("the user service answered " + cause.getStatus().getCode(), cause);
    this.code = cause.getStatus().getCode();
  }

  Status.Code code() {
    return code;
  }

  /**
   * Whether nobody could be asked: retries failed, or the circuit breaker is open. Not so when the
   * time ran out, because then there is none for anything else either.
   */
  boolean meansUnreachable() {
    return code == Status.Code.UNAVAILABLE;
  }
}
