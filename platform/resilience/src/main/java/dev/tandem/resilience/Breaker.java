package dev.tandem.resilience;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What is known of a service's breaker from outside; SmallRye keeps the breaker itself. */
final class Breaker {

  private final BreakerPolicy policy;
  private final LongSupplier nanoTime;
  private final Consumer<BreakerState> onChange;

  private volatile BreakerState state = BreakerState.CLOSED;
  private volatile long openedAt;

  Breaker(BreakerPolicy policy, LongSupplier nanoTime, Consumer<BreakerState> onChange) {
    this.policy = policy;
    this.nanoTime = nanoTime;
    this.onChange = onChange;
  }

  BreakerState state() {
    return state;
  }

  /** How long until the service is tried again; zero when it is being tried. */
  Duration untilTrial() {
    if (state != BreakerState.OPEN) {
      return Duration.ZERO;
    }
    Duration left = policy.openFor().minusNanos(nanoTime.getAsLong() - openedAt);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** What SmallRye tells of every transition. */
  void changed(CircuitBreakerState now) {
    BreakerState next =
        switch (now) {
          case CLOSED -> BreakerState.CLOSED;
          case OPEN -> BreakerState.OPEN;
          case HALF_OPEN -> BreakerState.HALF_OPEN;
        };
    if (next == BreakerState.OPEN) {
      openedAt = nanoTime.getAsLong();
    }
    state = next;
    onChange.accept(next);
  }

  /**
   * Whether a failed attempt counts as a failure. One that says nothing does not while calls are
   * made; as a trial it does, because a trial has to prove that the service is well.
   */
  boolean countsAsFailure(Throwable error) {
    Verdict verdict = error instanceof AttemptFailure failure ? failure.verdict() : Verdict.NONE;
    return switch (verdict) {
      case WELL -> false;
      case SICK -> true;
      case NONE -> state == BreakerState.HALF_OPEN;
    };
  }
}
