package dev.tandem.caller.load;

import dev.tandem.caller.calls.Target;
import dev.tandem.caller.calls.Work;
import java.time.Duration;

/**
 * A load to send.
 *
 * @param id a name by which it can be stopped
 * @param target where the calls go
 * @param work what is called
 * @param ratePerSecond calls started in a second, whether or not earlier ones were answered
 * @param calls how many calls there are
 * @param concurrency the most calls in flight
 * @param connections the connections that take turns
 * @param deadline how long a call may take from when it is sent
 * @param keepReplies whether the ledger carries the replies
 */
public record LoadPlan(
    String id,
    Target target,
    Work work,
    double ratePerSecond,
    long calls,
    int concurrency,
    int connections,
    Duration deadline,
    boolean keepReplies) {
  private static final double MOST_CALLS_PER_SECOND = 20_000;
  private static final long MOST_CALLS = 5_000_000;
  private static final int MOST_IN_FLIGHT = 10_000;
  private static final int MOST_CONNECTIONS = 64;
  private static final int MOST_ID_CHARACTERS = 128;
  private static final Duration LONGEST = Duration.ofHours(1);

  public LoadPlan {
    require(
        !id.isEmpty() && id.length() <= MOST_ID_CHARACTERS,
        "load_id has %d characters: 1 to %d are allowed"
            .formatted(id.length(), MOST_ID_CHARACTERS));
    require(
        ratePerSecond > 0 && ratePerSecond <= MOST_CALLS_PER_SECOND,
        "rate_per_second is %s: it has to be above 0 and at most %.0f"
            .formatted(ratePerSecond, MOST_CALLS_PER_SECOND));
    require(
        calls > 0 && calls <= MOST_CALLS,
        "the limit comes to %d calls: 1 to %d are allowed".formatted(calls, MOST_CALLS));
    require(
        concurrency > 0 && concurrency <= MOST_IN_FLIGHT,
        "concurrency is %d: 1 to %d are allowed".formatted(concurrency, MOST_IN_FLIGHT));
    require(
        connections > 0 && connections <= MOST_CONNECTIONS,
        "connections is %d: 1 to %d are allowed".formatted(connections, MOST_CONNECTIONS));
    require(
        deadline.isPositive(),
        "deadline is %s: it has to be greater than zero".formatted(deadline));
  }

  /** How many calls a time holds at a rate. */
  public static long callsIn(Duration duration, double ratePerSecond) {
    require(
        duration.isPositive() && duration.compareTo(LONGEST) <= 0,
        "duration is %s: it has to be above zero and at most %s".formatted(duration, LONGEST));
    return Math.max(1, Math.round(duration.toNanos() / 1e9 * ratePerSecond));
  }

  /** When a call is meant to start, in nanoseconds from the start of the load. */
  long intendedStart(long sequence) {
    return Math.round(sequence * 1e9 / ratePerSecond);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
