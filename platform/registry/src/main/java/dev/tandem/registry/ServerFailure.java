package dev.tandem.registry;

/** Why a request to the registry's server brought nothing. The message is for people. */
abstract sealed class ServerFailure extends Exception {

  private static final long serialVersionUID = 1;

  ServerFailure(String problem, Throwable cause) {
    super(problem, cause);
  }

  ServerFailure(String problem) {
    super(problem);
  }

  /** What went wrong, for people. */
  final String problem() {
    return String.valueOf(getMessage());
  }

  /** No answer: whether the server has done what it was asked is not known. */
  static final class Unreachable extends ServerFailure {

    private static final long serialVersionUID = 1;

    Unreachable(String problem, Throwable cause) {
      super(problem, cause);
    }

    Unreachable(String problem) {
      super(problem);
    }
  }

  /** The server will not do it, for want of rights or because it cannot be done. */
  static final class Refused extends ServerFailure {

    private static final long serialVersionUID = 1;

    Refused(String problem, Throwable cause) {
      super(problem, cause);
    }

    Refused(String problem) {
      super(problem);
    }
  }

  /** The lease is gone, and with it every key that it held. */
  static final class LeaseLost extends ServerFailure {

    private static final long serialVersionUID = 1;

    LeaseLost(String problem) {
      super(problem);
    }
  }
}
