package dev.tandem.e2e.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Waits with a limit that say what they waited for. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(300);

  private Await() {}

  /**
   * Waits for a watch to see what it looks for.
   *
   * @param what what is awaited, after "waited … for"
   * @param lastSeen what there is instead, asked when the limit is reached
   */
  public static <T> T seen(
      String what, Duration limit, CompletableFuture<T> watch, Supplier<String> lastSeen) {
    try {
      return watch.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          "waited %s s for %s; instead: %s".formatted(limit.toSeconds(), what, lastSeen.get()), e);
    } catch (ExecutionException e) {
      throw new AssertionError("the watch for %s broke: %s".formatted(what, e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    } finally {
      watch.cancel(true);
    }
  }

  /**
   * Asks again and again where nothing can be watched.
   *
   * @param what what is awaited, after "waited … for"
   * @param problem what is in the way; empty when nothing is
   */
  public static void until(String what, Duration limit, Supplier<Optional<String>> problem) {
    AtomicReference<String> last = new AtomicReference<>("nothing was found out");
    CountDownLatch found = new CountDownLatch(1);
    try (ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor()) {
      ScheduledFuture<?> asked =
          asking.scheduleWithFixedDelay(
              () -> {
                try {
                  problem.get().ifPresentOrElse(last::set, found::countDown);
                } catch (RuntimeException | AssertionError e) {
                  last.set(e.toString());
                }
              },
              0,
              PAUSE.toMillis(),
              TimeUnit.MILLISECONDS);
      boolean inTime = found.await(limit.toMillis(), TimeUnit.MILLISECONDS);
      asked.cancel(true);
      if (!inTime) {
        throw new AssertionError(
            "waited %s s for %s; instead: %s".formatted(limit.toSeconds(), what, last.get()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }
}
