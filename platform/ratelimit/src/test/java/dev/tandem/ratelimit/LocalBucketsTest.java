package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.Bucket;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalBucketsTest {

  private static final Limit LIMIT = Limit.of("100/s burst 200");
  private static final Duration ONE_TOKEN = Duration.ofMillis(10);

  private final ManualTime time = new ManualTime();
  private final AtomicInteger overflowed = new AtomicInteger();
  private final LocalBuckets buckets = table(1000);

  @Test
  void letABurstPassAndNoMore() {
    assertThat(admittedOf(1000, "ada")).isEqualTo(200);
  }

  @Test
  void sayWhenTheNextTokenComes() {
    admittedOf(200, "ada");
    time.pass(ONE_TOKEN.dividedBy(4));

    assertThat(buckets.take("ada", LIMIT))
        .isEqualTo(new Decision.Refused(LIMIT, ONE_TOKEN.dividedBy(4).multipliedBy(3)));
  }

  @Test
  void haveATokenAfterTheTimeThatTheyNamed() {
    admittedOf(200, "ada");

    for (int i = 0; i < 1000; i++) {
      Decision refused = buckets.take("ada", LIMIT);
      time.pass(((Decision.Refused) refused).retryAfter());
      assertThat(buckets.take("ada", LIMIT)).isInstanceOf(Decision.Admitted.class);
    }
  }

  @Test
  void refillAtTheirRateAndNoHigherThanTheirBurst() {
    admittedOf(200, "ada");
    time.pass(Duration.ofSeconds(1));
    assertThat(admittedOf(1000, "ada")).isEqualTo(100);
    time.pass(Duration.ofDays(10_000));
    assertThat(admittedOf(1000, "ada")).isEqualTo(200);
  }

  @Test
  void refillByFractionsThatAreNeitherLostNorDoubled() {
    admittedOf(200, "ada");
    int admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      time.pass(Duration.ofNanos(333_333));
      admitted += admittedOf(1, "ada");
    }
    assertThat(admitted).isEqualTo(333);
  }

  @Test
  void giveNothingWhenTheClockGoesBackAndForthAgain() {
    admittedOf(200, "ada");
    for (int i = 0; i < 100; i++) {
      time.pass(Duration.ofSeconds(-5));
      assertThat(admittedOf(10, "ada")).isZero();
      time.pass(Duration.ofSeconds(5));
      assertThat(admittedOf(10, "ada")).isZero();
    }
    time.pass(ONE_TOKEN);
    assertThat(admittedOf(10, "ada")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE / 2})
  void countFromAnyOriginOfTime(long origin) {
    ManualTime there = ManualTime.startingAt(origin);
    LocalBuckets counted = new LocalBuckets(10, there, overflowed::incrementAndGet);

    assertThat(admittedOf(counted, 1000, "ada")).isEqualTo(200);
    there.pass(Duration.ofSeconds(1));
    assertThat(admittedOf(counted, 1000, "ada")).isEqualTo(100);
  }

  @Test
  void takeAGivenBackTokenButNeverBeyondTheBurst() {
    admittedOf(1, "ada");
    for (int i = 0; i < 10; i++) {
      buckets.giveBack("ada");
    }
    assertThat(admittedOf(1000, "ada")).isEqualTo(200);
  }

  @Test
  void passNoMoreThanAllowedToManyThreadsAtOnce() throws Exception {
    assertThat(admittedToThreads(buckets, 16, 5000, _ -> "ada")).isEqualTo(200);
  }

  @Test
  void passNoMoreThanAllowedWhileOthersComeAndAreForgotten() throws Exception {
    LocalBuckets small = table(100);
    admittedOf(small, 1, "ada");
    AtomicInteger strangers = new AtomicInteger();
    int others =
        admittedToThreads(
            small, 8, 20_000, i -> i % 2 == 0 ? "ada" : "stranger" + strangers.incrementAndGet());

    assertThat(admittedOf(small, 1, "ada")).isZero();
    // Ada's 199, one for each stranger with a bucket, and what the shared bucket holds.
    assertThat(others).isEqualTo(199 + 99 + 200);
  }

  @Test
  void areNotForgottenForAFloodOfNewCallers() {
    LocalBuckets small = table(100);
    admittedOf(small, 200, "ada");

    for (int i = 0; i < 100_000; i++) {
      small.take("stranger" + i, LIMIT);
    }

    assertThat(admittedOf(small, 100, "ada")).isZero();
  }

  @Test
  void areSharedByCallersForWhomThereIsNoRoom() {
    LocalBuckets small = table(100);
    for (int i = 0; i < 100; i++) {
      assertThat(admittedOf(small, 1, "early" + i)).isEqualTo(1);
    }

    int late = 0;
    for (int i = 0; i < 1000; i++) {
      late += admittedOf(small, 1, "late" + i);
    }

    assertThat(late).isEqualTo(200);
    assertThat(overflowed).hasValue(1000);
    time.pass(Duration.ofSeconds(1));
    assertThat(admittedOf(small, 1, "later")).as("there is room again").isEqualTo(1);
    assertThat(overflowed).hasValue(1000);
  }

  @Test
  void areForgottenWhenTheyAreFull() {
    for (int i = 0; i < 1000; i++) {
      buckets.take("early" + i, LIMIT);
    }
    time.pass(ONE_TOKEN);
    for (int i = 0; i < 1000; i++) {
      buckets.take("late" + i, LIMIT);
      time.pass(ONE_TOKEN);
    }

    assertThat(buckets.size()).isLessThan(10);
    assertThat(overflowed).hasValue(0);
  }

  @Test
  void decideAsBucketsThatAreNeverForgotten() {
    LocalBuckets forgetting = table(100);
    Map<String, Bucket> remembered = new HashMap<>();
    Random random = new Random(4);
    Limit slow = Limit.of("20/s burst 3");

    for (int i = 0; i < 200_000; i++) {
      time.pass(Duration.ofNanos(random.nextLong(4_000_000)));
      String caller = "caller" + (int) Math.abs(random.nextGaussian() * 200);
      Bucket kept =
          remembered.computeIfAbsent(
              caller,
              _ ->
                  Bucket.builder()
                      .addLimit(limit -> limit.capacity(3).refillGreedy(20, Duration.ofSeconds(1)))
                      .withCustomTimePrecision(time)
                      .build());

      assertThat(forgetting.take(caller, slow))
          .isEqualTo(LocalBuckets.decide(kept.tryConsumeAndReturnRemaining(1), slow));
    }
    assertThat(forgetting.size()).isLessThanOrEqualTo(100).isLessThan(remembered.size());
    assertThat(overflowed).hasValue(0);
  }

  @Test
  void stayWithinTheirMemoryUnderAMillionCallers() {
    LocalBuckets ten = table(10_000);
    long before = heapInUse();

    for (int i = 0; i < 1_000_000; i++) {
      ten.take("n:spiffe://cluster.local/ns/tandem/sa/attacker-" + i, LIMIT);
    }

    assertThat(ten.size()).isEqualTo(10_000);
    long kilobytes = (heapInUse() - before) / 1024;
    assertThat(kilobytes).as("KiB").isLessThan(16 * 1024);
    assertThat(ten.size()).as("still in use").isEqualTo(10_000);
  }

  private LocalBuckets table(int capacity) {
    return new LocalBuckets(capacity, time, overflowed::incrementAndGet);
  }

  private int admittedOf(int calls, String caller) {
    return admittedOf(buckets, calls, caller);
  }

  private static int admittedOf(LocalBuckets buckets, int calls, String caller) {
    int admitted = 0;
    for (int i = 0; i < calls; i++) {
      if (buckets.take(caller, LIMIT) instanceof Decision.Admitted) {
        admitted++;
      }
    }
    return admitted;
  }

  private interface Callers {
    String ofCall(int number);
  }

  private static int admittedToThreads(
      LocalBuckets buckets, int threads, int callsEach, Callers callers) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    Callable<Integer> calling =
        () -> {
          start.await();
          int admitted = 0;
          for (int i = 0; i < callsEach; i++) {
            admitted += admittedOf(buckets, 1, callers.ofCall(i));
          }
          return admitted;
        };
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(pool.submit(calling));
      }
      int total = 0;
      for (Future<Integer> result : results) {
        total += result.get();
      }
      return total;
    }
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
