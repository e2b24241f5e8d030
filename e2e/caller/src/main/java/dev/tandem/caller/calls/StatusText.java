package dev.tandem.caller.calls;

import io.grpc.Status;

/** What a status says beside its code. */
public final class StatusText {
  private StatusText() {}

  /**
   * The description and, where the failure was this side's, the root cause: "io exception:
   * Connection refused".
   */
  public static String message(Status status) {
    String description = status.getDescription() == null ? "" : status.getDescription();
    Throwable cause = status.getCause();
    if (cause == null) {
      return description;
    }
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return description.isEmpty() ? cause.toString() : description + ": " + cause.getMessage();
  }
}
