package dev.tandem.registry;

/**
 * Whether an instance takes part, by the answers of its own health. Only a run of bad ones takes it
 * out: one slow answer says that a machine is busy, not that an instance is dead.
 *
 * @param in whether it takes part
 * @param against answers in a row that say otherwise
 */
record Vitality(boolean in, int against) {

  /** Before the first answer. */
  static final Vitality UNKNOWN = new Vitality(false, 0);

  /**
   * How many answers in a row change it.
   *
   * @param failures bad ones, to take it out
   * @param successes good ones, to put it in
   */
  record Thresholds(int failures, int successes) {

    private static final int MOST = 1000;

    Thresholds {
      require("failures", failures);
      require("successes", successes);
    }

    private static void require(String key, int count) {
      if (count < 1 || count > MOST) {
        throw new IllegalArgumentException(
            "tandem.registry.health.%s: \"%d\" is out of range: choose 1 to %d"
                .formatted(key, count, MOST));
      }
    }
  }

  Vitality after(boolean good, Thresholds thresholds) {
    if (good == in) {
      return new Vitality(in, 0);
    }
    int needed = in ? thresholds.failures() : thresholds.successes();
    return against + 1 >= needed ? new Vitality(!in, 0) : new Vitality(in, against + 1);
  }
}
