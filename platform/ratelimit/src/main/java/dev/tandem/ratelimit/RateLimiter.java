package dev.tandem.ratelimit;

import io.github.bucket4j.TimeMeter;
import java.util.Optional;

/**
 * Decides by this replica's buckets: one for each caller, and one for each caller and each method
 * that has a limit of its own. Never waits.
 */
final class RateLimiter {

  private final RateLimitPolicy policy;
  private final LocalBuckets known;
  private final LocalBuckets verified;

  /**
   * Apart from the others: who needs no name to be counted must not take the room of who has one.
   */
  private final LocalBuckets unverified;

  RateLimiter(RateLimitPolicy policy, TimeMeter time, RateLimitMeter meter) {
    this.policy = policy;
    this.known = new LocalBuckets(Integer.MAX_VALUE, time, meter::overflowed);
    this.verified = new LocalBuckets(policy.buckets(), time, meter::overflowed);
    this.unverified = new LocalBuckets(policy.buckets(), time, meter::overflowed);
  }

  /**
   * Takes a token for the method first, because that is the scarcer one, and gives it back when the
   * caller has none.
   */
  Decision admit(CountedCaller caller, String method) {
    LocalBuckets buckets = bucketsOf(caller);
    Optional<Limit> methodLimit = policy.limitOf(caller, method);
    if (methodLimit.isEmpty()) {
      return buckets.take(caller.key(), policy.limitOf(caller));
    }
    String methodKey = methodKey(caller, method);
    return switch (buckets.take(methodKey, methodLimit.get())) {
      case Decision.Refused refused -> refused;
      case Decision.Admitted _ -> {
        Decision decision = buckets.take(caller.key(), policy.limitOf(caller));
        if (decision instanceof Decision.Refused) {
          buckets.giveBack(methodKey);
        }
        yield decision;
      }
    };
  }

  static String methodKey(CountedCaller caller, String method) {
    return caller.key() + " " + method;
  }

  /** How many buckets there are. */
  int size() {
    return known.size() + verified.size() + unverified.size();
  }

  private LocalBuckets bucketsOf(CountedCaller caller) {
    if (policy.knows(caller)) {
      return known;
    }
    return caller instanceof CountedCaller.Verified ? verified : unverified;
  }
}
