package dev.tandem.e2e.drill;

import java.time.Duration;

/**
 * When what happened, on the drill's clock.
 *
 * @param struck the instant before the fault was made: what it takes to make it counts against us
 * @param repairing the instant before the repair was begun
 * @param back when the broken part itself was back
 * @param end when the last call was started
 */
record Moments(Duration struck, Duration repairing, Duration back, Duration end) {
  Moments {
    if (struck.compareTo(repairing) > 0
        || repairing.compareTo(back) > 0
        || back.compareTo(end) > 0) {
      throw new IllegalArgumentException(
          "moments out of order: struck %s, repairing %s, back %s, end %s"
              .formatted(struck, repairing, back, end));
    }
  }
}
