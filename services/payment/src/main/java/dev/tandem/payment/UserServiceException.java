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
}
