package dev.tandem.resilience;

import java.time.Duration;

/**
 * When a service counts as sick and is left alone. The ratio is above one half on purpose: while
 * half of all attempts fail, repeating them still serves nearly every call, and refusing them would
 * serve none.
 *
 * @param window the latest attempts that are looked at; before there are that many, nothing is
 *     refused
 * @param failureRatio the part of them that must have failed, above 0, at most 1
 * @param openFor how long the service is left alone before it is tried again
 * @param trials attempts that must then succeed, and the most that are let through until then
 * @param fairTime a timeout counts only when the attempt had at least this long: a caller in a
 *     hurry says nothing about the service
 */
public record BreakerPolicy(
    int window, double failureRatio, Duration openFor, int trials, Duration fairTime) {

  /** The platform's policy. */
  public static final BreakerPolicy STANDARD =
      new BreakerPolicy(50, 0.8, Duration.ofSeconds(5), 3, Duration.ofMillis(500));

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  public BreakerPolicy {
    Setting.isBetween("breaker.window", window, 1, 10_000);
    Setting.require(
        failureRatio > 0 && failureRatio <= 1,
        "breaker.failure-ratio",
        failureRatio,
        "a number above 0, at most 1");
    Setting.isDuration("breaker.open-for", openFor, "5s");
    Setting.isBetween("breaker.trials", trials, 1, 1000);
    Setting.isNotNegative("breaker.fair-time", fairTime, "500ms");
  }
}
