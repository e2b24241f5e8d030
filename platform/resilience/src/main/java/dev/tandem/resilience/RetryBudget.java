package dev.tandem.resilience;

import java.util.concurrent.atomic.AtomicLong;

/** The repetitions that a service's calls have earned and not yet spent. */
final class RetryBudget {

  private static final long ONE = 1_000_000;

  private final long perCall;
  private final long most;
  private final AtomicLong saved;

  RetryBudget(BudgetPolicy policy) {
    this.perCall = Math.round(policy.ratio() * ONE);
    this.most = policy.reserve() * ONE;
    this.saved = new AtomicLong(most);
  }

  /** A call was made, whatever became of it. */
  void earn() {
    // What one call earns must be saved even where nothing is kept in reserve.
    saved.accumulateAndGet(perCall, (now, more) -> Math.min(Math.max(most, ONE), now + more));
  }

  /** Takes one repetition, if there is one. */
  boolean spend() {
    long now = saved.get();
    while (now >= ONE) {
      if (saved.compareAndSet(now, now - ONE)) {
        return true;
      }
      now = saved.get();
    }
    return false;
  }
}
