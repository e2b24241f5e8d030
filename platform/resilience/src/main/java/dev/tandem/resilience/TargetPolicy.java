package dev.tandem.resilience;

import java.time.Duration;

/**
 * How one service is called.
 *
 * @param deadline what a unary call that has no deadline gets
 * @param retry how calls of idempotent methods are repeated
 * @param breaker when it is left alone
 */
public record TargetPolicy(Duration deadline, RetryPolicy retry, BreakerPolicy breaker) {

  /** The platform's policy. */
  public static final TargetPolicy STANDARD =
      new TargetPolicy(Duration.ofSeconds(5), RetryPolicy.STANDARD, BreakerPolicy.STANDARD);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  public TargetPolicy {
    Setting.isDuration("deadline", deadline, "5s");
  }
}
