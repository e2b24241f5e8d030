package dev.tandem.registry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts: twice as long each time, up to a limit, and up to half of it shorter
 * at random, so that all clients of a registry that returns do not come at once.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(100);

  private final Duration longest;
  private final RandomGenerator random;
  private Duration next;

  Backoff(Duration longest, RandomGenerator random) {
    this.longest = longest;
    this.random = random;
    this.next = shorter(FIRST, longest);
  }

  Duration next() {
    Duration pause = next;
    next = shorter(pause.multipliedBy(2), longest);
    return pause.minus(Duration.ofNanos(random.nextLong(pause.toNanos() / 2 + 1)));
  }

  void reset() {
    next = shorter(FIRST, longest);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
