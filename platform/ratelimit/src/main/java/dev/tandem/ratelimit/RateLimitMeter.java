package dev.tandem.ratelimit;

/** Told what the limiter did; asked on the calls' threads, so it must be quick. */
public interface RateLimitMeter {

  /** Counts nothing. */
  RateLimitMeter NONE = new RateLimitMeter() {};

  /**
   * A call was refused.
   *
   * @param method {@code package.Service/Method}
   * @param verified whether the caller's name was proved, or only an address known
   */
  default void refused(String method, boolean verified) {}

  /** A call was counted in a bucket that callers without room of their own share. */
  default void overflowed() {}

  /** The shared store gave no answer: the call was decided by this replica's own buckets. */
  default void fellBack() {}
}
