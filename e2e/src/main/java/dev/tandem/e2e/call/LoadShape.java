package dev.tandem.e2e.call;

import java.time.Duration;

/**
 * How a load is sent.
 *
 * @param ratePerSecond calls started in a second, whether or not earlier ones were answered
 * @param calls how many calls there are, unless it is stopped before
 * @param connections connections that take turns
 * @param deadline how long a call may take
 * @param keepReplies whether the ledger carries replies
 */
public record LoadShape(
    double ratePerSecond, long calls, int connections, Duration deadline, boolean keepReplies) {
  private static final int CONNECTIONS = 4;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** A number of calls at a rate. */
  public static LoadShape of(long calls, double ratePerSecond) {
    return new LoadShape(ratePerSecond, calls, CONNECTIONS, DEADLINE, false);
  }

  /** Calls at a rate until they are stopped, for a quarter of an hour at most. */
  public static LoadShape steady(double ratePerSecond) {
    return steady(ratePerSecond, LONGEST);
  }

  /** Calls at a rate until they are stopped, or until a time has passed. */
  public static LoadShape steady(double ratePerSecond, Duration longest) {
    return of(Math.round(ratePerSecond * longest.toSeconds()), ratePerSecond);
  }

  /** The same with replies in the ledger. */
  public LoadShape keepingReplies() {
    return new LoadShape(ratePerSecond, calls, connections, deadline, true);
  }
}
