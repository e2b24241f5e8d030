package dev.tandem.resilience;

import java.time.Duration;
import java.util.Optional;

/** An attempt that failed, what that says about the service, and whether another one follows. */
final class AttemptFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Reply<?> reply;
  private final transient Optional<Duration> retryAfter;
  private final Verdict verdict;

  AttemptFailure(Reply<?> reply, Verdict verdict, Optional<Duration> retryAfter) {
    // Expected, and made for every failed attempt: a stack trace would cost more than it says.
    super(reply.status().toString(), reply.status().getCause(), false, false);
    this.reply = reply;
    this.verdict = verdict;
    this.retryAfter = retryAfter;
  }

  Reply<?> reply() {
    return reply;
  }

  Verdict verdict() {
    return verdict;
  }

  /** The pause before the next attempt; empty when there is to be none. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
