package dev.tandem.resilience;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * The repetitions of one call. Attempts follow one another, and so do the questions that are asked
 * here: no lock is needed.
 */
final class RetryPlan {

  private final RetryPolicy policy;
  private final RetryBudget budget;
  private final DoubleSupplier random;

  private int retriesLeft;
  private Duration backoff;

  /**
   * A plan for one call.
   *
   * @param random from 0 to 1
   */
  RetryPlan(RetryPolicy policy, RetryBudget budget, DoubleSupplier random, boolean mayRepeat) {
    this.policy = policy;
    this.budget = budget;
    this.random = random;
    this.retriesLeft = mayRepeat ? policy.maxRetries() : 0;
    this.backoff = policy.firstDelay();
  }

  /** Whether an attempt that fails now may be followed by another. */
  boolean mayRepeat() {
    return retriesLeft > 0;
  }

  /** Whatever fails from now on is not repeated. */
  void giveUp() {
    retriesLeft = 0;
  }

  /**
   * How long to wait before the next attempt; empty when there is to be none. A repetition that is
   * granted has been paid for.
   *
   * @param remaining what is left of the call's time
   */
  Optional<Duration> delayAfter(Status status, Metadata trailers, Duration remaining) {
    RetryAdvice advice = RetryAdvice.in(trailers);
    if (retriesLeft == 0 || !mayBeRepeated(status, advice)) {
      return Optional.empty();
    }
    Optional<Duration> delay = delay(advice);
    // An attempt that starts when the time is over only adds to the server's load.
    if (delay.isEmpty() || delay.get().compareTo(remaining) >= 0 || !budget.spend()) {
      return Optional.empty();
    }
    retriesLeft--;
    return delay;
  }

  private Optional<Duration> delay(RetryAdvice advice) {
    return switch (advice) {
      case RetryAdvice.None() -> Optional.of(nextBackoff());
      case RetryAdvice.Never() -> Optional.empty();
      case RetryAdvice.After(Duration exactly) -> {
        // gRFC A6: after a push-back, back-off starts anew.
        backoff = policy.firstDelay();
        yield Optional.of(exactly);
      }
      case RetryAdvice.NotBefore(Duration earliest) -> {
        Duration ours = nextBackoff();
        yield Optional.of(ours.compareTo(earliest) > 0 ? ours : earliest);
      }
    };
  }

  private Duration nextBackoff() {
    double factor = 1 + policy.jitter() * (2 * random.getAsDouble() - 1);
    Duration jittered = Duration.ofNanos(Math.round(backoff.toNanos() * factor));
    Duration doubled = backoff.multipliedBy(2);
    backoff = doubled.compareTo(policy.maxDelay()) < 0 ? doubled : policy.maxDelay();
    return jittered;
  }

  /**
   * UNAVAILABLE is what an overloaded or missing server says. DEADLINE_EXCEEDED comes from an
   * attempt's limit, ours or the mesh's, as long as the call itself has time. RESOURCE_EXHAUSTED
   * may be a quota or a message that is too large: only the server knows, and says when to come
   * back. ABORTED asks for more than this call to be repeated (a whole read, change and write), and
   * everything else would fail again or was meant.
   */
  private static boolean mayBeRepeated(Status status, RetryAdvice advice) {
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> true;
      case RESOURCE_EXHAUSTED -> !(advice instanceof RetryAdvice.None);
      case OK,
          CANCELLED,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          INTERNAL,
          DATA_LOSS,
          UNAUTHENTICATED ->
          false;
    };
  }
}
