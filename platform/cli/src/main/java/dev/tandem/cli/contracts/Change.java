package dev.tandem.cli.contracts;

/** One difference between a published file and what it is now. */
sealed interface Change {

  /** What differs, as a sentence without its full stop. */
  String what();

  /** Something new that no old client or server can notice. */
  record Added(String what) implements Change {}

  /** Something that was published and is gone, or is not the same any more. */
  record Broken(String what) implements Change {}
}
