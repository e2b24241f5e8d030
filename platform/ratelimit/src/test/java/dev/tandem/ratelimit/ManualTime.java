package dev.tandem.ratelimit;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so. */
final class ManualTime implements TimeMeter {

  private final AtomicLong now;
  private final boolean wallClock;

  ManualTime() {
    this(0, false);
  }

  private ManualTime(long start, boolean wallClock) {
    this.now = new AtomicLong(start);
    this.wallClock = wallClock;
  }

  static ManualTime startingAt(long nanos) {
    return new ManualTime(nanos, false);
  }

  static ManualTime ofTheDay() {
    return new ManualTime(1_800_000_000_000_000_000L, true);
  }

  void pass(Duration duration) {
    now.addAndGet(duration.toNanos());
  }

  @Override
  public long currentTimeNanos() {
    return now.get();
  }

  @Override
  public boolean isWallClockBased() {
    return wallClock;
  }
}
