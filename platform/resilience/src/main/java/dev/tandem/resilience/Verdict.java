package dev.tandem.resilience;

import io.grpc.Status;

/** What a failed attempt says about the service that was called. */
enum Verdict {
  /** It works: it refused what was asked. */
  WELL,
  /** It does not work. */
  SICK,
  /** Nothing. */
  NONE;

  /**
   * Judges a failed attempt. UNKNOWN and INTERNAL are what servers say of their own defects.
   * RESOURCE_EXHAUSTED says that the caller asks too much, of a service that is well.
   *
   * @param hadTime whether the attempt had enough time for a timeout to be the service's fault
   */
  static Verdict of(Status status, boolean hadTime) {
    return switch (status.getCode()) {
      case UNAVAILABLE, UNKNOWN, INTERNAL, DATA_LOSS -> SICK;
      case DEADLINE_EXCEEDED -> hadTime ? SICK : NONE;
      case CANCELLED -> NONE;
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          UNAUTHENTICATED ->
          WELL;
    };
  }
}
