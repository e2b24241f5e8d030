package dev.tandem.cli.migrate;

/**
 * What a cluster has to look like. Applying a shape twice is the same as applying it once, so that
 * a command that died half-way is repeated, and a step is undone by the shape before it.
 *
 * @param candidate whether the new deployment stands beside the old one
 * @param mirror whether live calls are copied to it, and their answers dropped
 * @param weight how many calls of a hundred it answers
 * @param oldVersion what callers of the old version are told
 */
record Shape(boolean candidate, boolean mirror, int weight, OldVersion oldVersion) {

  /** As before any migration. */
  static final Shape ORIGINAL = new Shape(false, false, 0, OldVersion.ACTIVE);

  enum OldVersion {
    ACTIVE,
    DEPRECATED,
    RETIRED
  }

  Shape {
    if (weight < 0 || weight > 100) {
      throw new IllegalArgumentException("a weight is 0 to 100, not " + weight);
    }
    if (!candidate && (mirror || weight > 0)) {
      throw new IllegalArgumentException("calls cannot go to a deployment that is not there");
    }
  }
}
