package dev.tandem.ratelimit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketListener;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.ThreadUnsafeBucket;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in this process's memory, at most a fixed number of them.
 *
 * <p>A bucket may be forgotten only when it is full again: a new one would be full as well, so that
 * forgetting gives nobody a token. That is why this is no cache, which would forget by age or use,
 * and which a flood of new callers could make forget the emptied buckets. While no bucket can be
 * forgotten, callers without one share one bucket for each limit: together they pass what one
 * caller may.
 *
 * <p>The map's lock on a key is the bucket's lock, too: a token is taken and a bucket forgotten
 * under it, never both at once. A key's buckets always have the same limit.
 */
final class LocalBuckets {

  /**
   * Looked at for each new caller. More than one, so that the table shrinks when it can; few, so
   * that a flood of new callers costs no more than they do anyway.
   */
  private static final int GLANCE = 8;

  private final int capacity;
  private final TimeMeter time;
  private final Runnable onOverflow;

  private final ConcurrentHashMap<String, LocalBucket> buckets = new ConcurrentHashMap<>();

  /** For callers who found no room; there are as many limits as the settings name. */
  private final ConcurrentHashMap<Limit, LocalBucket> shared = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<Limit, BucketConfiguration> configurations =
      new ConcurrentHashMap<>();

  /** Exact, unlike the map's own size. */
  private final AtomicInteger held = new AtomicInteger();

  private final ReentrantLock sweeping = new ReentrantLock();

  @GuardedBy("sweeping")
  private Iterator<String> hand = Collections.emptyIterator();

  /**
   * @param capacity the most buckets
   * @param time should never go back; while it does, nothing is refilled
   * @param onOverflow run for each call that is counted in a shared bucket
   */
  LocalBuckets(int capacity, TimeMeter time, Runnable onOverflow) {
    this.capacity = capacity;
    this.time = time;
    this.onOverflow = onOverflow;
  }

  Decision take(String key, Limit limit) {
    Taking taking = new Taking(limit);
    // Nearly always the caller is known.
    buckets.computeIfPresent(key, (_, bucket) -> taking.from(bucket));
    if (taking.decision == null) {
      makeRoom();
      buckets.compute(key, (_, bucket) -> taking.from(bucket != null ? bucket : newBucket(limit)));
    }
    if (taking.decision == null) {
      onOverflow.run();
      shared.compute(limit, (_, bucket) -> taking.from(bucket != null ? bucket : full(limit)));
    }
    if (taking.decision == null) {
      throw new IllegalStateException("a shared bucket always decides");
    }
    return taking.decision;
  }

  /** Undoes a {@link #take} that was admitted; never fills a bucket beyond its size. */
  void giveBack(String key) {
    buckets.computeIfPresent(
        key,
        (_, bucket) -> {
          bucket.addTokens(1);
          return bucket;
        });
  }

  /** How many callers have a bucket of their own. */
  int size() {
    return held.get();
  }

  private @Nullable LocalBucket newBucket(Limit limit) {
    return reserve() ? full(limit) : null;
  }

  private boolean reserve() {
    int before = held.getAndUpdate(count -> count < capacity ? count + 1 : count);
    return before < capacity;
  }

  private LocalBucket full(Limit limit) {
    return new ThreadUnsafeBucket(
        configurations.computeIfAbsent(limit, LocalBuckets::configuration),
        MathType.INTEGER_64_BITS,
        time,
        BucketListener.NOPE);
  }

  static BucketConfiguration configuration(Limit limit) {
    return BucketConfiguration.builder()
        .addLimit(
            bandwidth -> bandwidth.capacity(limit.burst()).refillGreedy(limit.calls(), limit.per()))
        .build();
  }

  /** Goes round the table, some buckets at a time, and forgets those that are full. */
  private void makeRoom() {
    if (!sweeping.tryLock()) {
      return;
    }
    try {
      for (int looked = 0; looked < GLANCE; looked++) {
        if (!hand.hasNext()) {
          hand = buckets.keySet().iterator();
          if (!hand.hasNext()) {
            return;
          }
        }
        buckets.computeIfPresent(hand.next(), (_, bucket) -> keptUnlessFull(bucket));
      }
    } finally {
      sweeping.unlock();
    }
  }

  private @Nullable LocalBucket keptUnlessFull(LocalBucket bucket) {
    if (bucket.getAvailableTokens() < bucket.getConfiguration().getBandwidths()[0].getCapacity()) {
      return bucket;
    }
    held.decrementAndGet();
    return null;
  }

  /** One try, carried into the map's lock and its outcome out of it. */
  private static final class Taking {

    private final Limit limit;
    private @Nullable Decision decision;

    Taking(Limit limit) {
      this.limit = limit;
    }

    @Nullable LocalBucket from(@Nullable LocalBucket bucket) {
      if (bucket != null) {
        decision = decide(bucket.tryConsumeAndReturnRemaining(1), limit);
      }
      return bucket;
    }
  }

  static Decision decide(ConsumptionProbe probe, Limit limit) {
    return probe.isConsumed()
        ? new Decision.Admitted()
        : new Decision.Refused(limit, Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }
}
