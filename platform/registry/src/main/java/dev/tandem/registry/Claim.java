package dev.tandem.registry;

/** What came of the wish to hold a key. */
sealed interface Claim {

  /** The lease holds it, with the value. */
  record Held() implements Claim {}

  /**
   * Something else does.
   *
   * @param value the other's
   */
  record Taken(String value) implements Claim {}
}
