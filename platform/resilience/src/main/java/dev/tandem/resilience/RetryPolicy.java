package dev.tandem.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * How a call of an idempotent method is repeated. Back-off is that of <a
 * href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md">gRFC A6</a>: doubled
 * after each attempt, never above the maximum, and varied by the jitter.
 *
 * @param maxRetries repetitions after the first attempt, 0 to 10
 * @param firstDelay the pause before the first of them
 * @param maxDelay the longest pause that is ours; one that the server asks for may be longer
 * @param jitter 0.2 makes a pause of 100 ms last 80 to 120 ms
 * @param attemptTimeout how long an attempt that is not the last may take
 * @param messageLimit bytes; a larger request is sent once
 * @param budget what bounds repetitions when many calls fail
 */
public record RetryPolicy(
    int maxRetries,
    Duration firstDelay,
    Duration maxDelay,
    double jitter,
    Optional<Duration> attemptTimeout,
    long messageLimit,
    BudgetPolicy budget) {

  /** The platform's policy: 100 ms, doubling, at most 3. */
  public static final RetryPolicy STANDARD =
      new RetryPolicy(
          3,
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          0.2,
          Optional.empty(),
          1 << 20,
          BudgetPolicy.STANDARD);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  public RetryPolicy {
    Setting.isBetween("retry.max-retries", maxRetries, 0, 10);
    Setting.isDuration("retry.first-delay", firstDelay, "100ms");
    Setting.isDuration("retry.max-delay", maxDelay, "2s");
    Setting.require(
        maxDelay.compareTo(firstDelay) >= 0,
        "retry.max-delay",
        maxDelay,
        "at least retry.first-delay, which is " + firstDelay);
    Setting.isBetween("retry.jitter", jitter, 0.0, 1.0);
    attemptTimeout.ifPresent(limit -> Setting.isDuration("retry.attempt-timeout", limit, "1s"));
    Setting.isBetween("retry.message-limit", messageLimit, 0, Integer.MAX_VALUE);
  }
}
