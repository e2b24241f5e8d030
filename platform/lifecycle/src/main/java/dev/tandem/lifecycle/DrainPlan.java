package dev.tandem.lifecycle;

import java.time.Duration;

/**
 * How long the steps of going away may take; at most their sum, and a second for what was cut off.
 *
 * @param withdrawDelay how long calls are still accepted after callers were told to go elsewhere;
 *     zero or more
 * @param leaveTimeout how long one {@link DrainParticipant} may take to leave; more than zero
 * @param drainTimeout how long calls in flight may take once no new ones are accepted; more than
 *     zero
 */
public record DrainPlan(Duration withdrawDelay, Duration leaveTimeout, Duration drainTimeout) {

  public DrainPlan {
    Durations.requireNotNegative("tandem.lifecycle.withdraw-delay", withdrawDelay, "5s");
    Durations.requirePositive("tandem.lifecycle.leave-timeout", leaveTimeout, "3s");
    Durations.requirePositive("tandem.lifecycle.drain-timeout", drainTimeout, "20s");
  }
}
