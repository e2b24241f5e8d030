package dev.tandem.ratelimit;

import java.time.Duration;

/** What came of asking for a token. */
sealed interface Decision {

  record Admitted() implements Decision {}

  /**
   * There was none.
   *
   * @param limit the limit that was reached
   * @param retryAfter when there will be one, if nobody else takes it first
   */
  record Refused(Limit limit, Duration retryAfter) implements Decision {}
}
