package dev.tandem.e2e;

/** Users that every cluster's directory has: the user chart's defaults. */
final class Users {
  static final String ONE = "ada";
  static final String ANOTHER = "grace";
  static final String NOBODY = "nobody-by-this-name";

  private Users() {}
}
