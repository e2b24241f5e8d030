package dev.tandem.caller.calls;

import java.time.Duration;

/**
 * When a stream has given enough: at the first limit that is reached. The call then counts as OK.
 *
 * @param messages the number of messages; 0 is no limit
 * @param hold how long the stream is held open, at least one message having arrived; zero is no
 *     limit
 */
public record StreamLimit(int messages, Duration hold) {
  public StreamLimit {
    if (messages < 0 || hold.isNegative() || (messages == 0 && hold.isZero())) {
      throw new IllegalArgumentException(
          "work.stream needs messages or hold greater than zero, and neither below: messages is %d, hold %s"
              .formatted(messages, hold));
    }
  }
}
