package dev.tandem.e2e.drill;

/** There is no calm to break: something else keeps the machine busy, or the clusters are ill. */
final class NotCalmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotCalmException(String seen) {
    super(
        "the clusters are not calm: "
            + seen
            + "%n  fix: end what else keeps the machine busy; make status".formatted());
  }
}
