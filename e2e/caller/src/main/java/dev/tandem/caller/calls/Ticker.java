package dev.tandem.caller.calls;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time that calls are measured with. */
public interface Ticker {
  /** The machine's own. */
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public boolean waitUntil(long nanos, CountDownLatch end) throws InterruptedException {
          return !end.await(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
      };

  /** Nanoseconds from an arbitrary origin. */
  long nanos();

  /** Waits until an instant, or until {@code end} is reached: then it is false. */
  boolean waitUntil(long nanos, CountDownLatch end) throws InterruptedException;

  /** The time from an instant until now. */
  default Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }
}
