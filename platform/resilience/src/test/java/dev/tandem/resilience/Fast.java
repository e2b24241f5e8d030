package dev.tandem.resilience;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Policies for tests: the platform's, with pauses that nobody notices. */
final class Fast {

  static final RetryPolicy RETRY =
      retry(3, Duration.ofMillis(5), Optional.empty(), new BudgetPolicy(1, 1000));

  /** Opens never, as far as a test gets. */
  static final BreakerPolicy NO_BREAKER =
      new BreakerPolicy(10_000, 1, Duration.ofSeconds(5), 3, Duration.ofMillis(500));

  private Fast() {}

  static RetryPolicy retry(
      int maxRetries, Duration firstDelay, Optional<Duration> attemptTimeout, BudgetPolicy budget) {
    return new RetryPolicy(
        maxRetries, firstDelay, Duration.ofHours(1), 0.2, attemptTimeout, 1 << 20, budget);
  }

  static Policies policies() {
    return policies(RETRY, NO_BREAKER);
  }

  static Policies policies(RetryPolicy retry, BreakerPolicy breaker) {
    return policies(Duration.ofSeconds(30), retry, breaker);
  }

  static Policies policies(Duration deadline, RetryPolicy retry, BreakerPolicy breaker) {
    return new Policies(
        new TargetPolicy(deadline, retry, breaker), Map.of(), Duration.ofMillis(50), 16 << 20);
  }
}
