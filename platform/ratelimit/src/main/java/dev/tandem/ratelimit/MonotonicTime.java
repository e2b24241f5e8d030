package dev.tandem.ratelimit;

import io.github.bucket4j.TimeMeter;

/**
 * Nanoseconds since this object was made. Nobody can set it, unlike the time of day, and it cannot
 * overflow, unlike {@link System#nanoTime}, whose origin is anywhere: buckets compare times.
 */
final class MonotonicTime implements TimeMeter {

  private final long origin = System.nanoTime();

  @Override
  public long currentTimeNanos() {
    return System.nanoTime() - origin;
  }

  @Override
  public boolean isWallClockBased() {
    return false;
  }
}
