package dev.tandem.resilience;

/**
 * What bounds repetitions when many calls fail: each call earns a part of a repetition. However
 * many calls fail, and whichever they are, a server sees at most {@code 1 + ratio} times as many
 * calls as were made, and the reserve once.
 *
 * @param ratio repetitions that one call earns, 0 to 1
 * @param reserve repetitions that may be saved up, 0 to 1000
 */
public record BudgetPolicy(double ratio, int reserve) {

  /** The platform's policy; decision 0016 says how it adds up with the mesh's. */
  public static final BudgetPolicy STANDARD = new BudgetPolicy(0.6, 10);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  public BudgetPolicy {
    Setting.isBetween("retry.budget.ratio", ratio, 0.0, 1.0);
    Setting.isBetween("retry.budget.reserve", reserve, 0, 1000);
  }
}
