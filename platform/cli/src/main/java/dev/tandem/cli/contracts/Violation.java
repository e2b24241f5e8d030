package dev.tandem.cli.contracts;

/**
 * A rule that the contracts break.
 *
 * @param rule its name, as decision 0021 lists it
 * @param problem what is wrong, and where
 * @param fix what to do about it
 */
record Violation(Rule rule, String problem, String fix) {

  enum Rule {
    LISTED,
    IMAGE_KEPT,
    SERVED,
    ONLY_ADDITIONS,
    PUBLISHED_WHOLE,
    NO_DRAFT_INSIDE,
    ONE_STEP,
    NEVER_FORGOTTEN,
    NEVER_BACK
  }

  @Override
  public String toString() {
    return "error: %s (%s)%n    fix: %s".formatted(problem, rule, fix);
  }
}
