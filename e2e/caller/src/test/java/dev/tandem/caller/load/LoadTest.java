package dev.tandem.caller.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.caller.LoopbackService;
import dev.tandem.caller.calls.CallResult;
import dev.tandem.caller.calls.NumberedField;
import dev.tandem.caller.calls.Ticker;
import dev.tandem.caller.calls.Work;
import dev.tandem.caller.token.Credential;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.UserServiceGrpc;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoadTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Queue<CallResult> ledger = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  @Test
  void accountsForEveryCall() throws InterruptedException {
    LoopbackService.Users users = new LoopbackService.Users();
    try (LoopbackService service = LoopbackService.with(users)) {
      Load.Totals totals = load(plan(service, "u-1-", 2_000, 400, 100, 3), Ticker.SYSTEM).run();

      assertThat(totals.calls()).isEqualTo(400);
      assertThat(results()).extracting(CallResult::sequence).doesNotHaveDuplicates().hasSize(400);
      assertThat(results()).allMatch(result -> result.status().isOk());
      assertThat(results()).allMatch(result -> result.servedBy().equals(LoopbackService.SELF));
      assertThat(users.asked).doesNotHaveDuplicates().hasSize(400);
    }
  }

  @Test
  void countsLatencyFromTheIntendedStartWhenTheServerStalls() throws InterruptedException {
    ManualTicker ticker = new ManualTicker();
    AtomicLong served = new AtomicLong();
    // One call at a time, each answered 250 ms after the one before; ten a second are meant.
    LoopbackService.Users slow =
        new LoopbackService.Users(
            userId -> ticker.reach(Duration.ofMillis(250 * served.incrementAndGet())));
    try (LoopbackService service = LoopbackService.with(slow)) {
      load(plan(service, "u-1-", 10, 4, 1, 1), ticker).run();
    }

    assertThat(results())
        .extracting(CallResult::intendedStart)
        .containsExactly(millis(0), millis(100), millis(200), millis(300));
    assertThat(results())
        .extracting(CallResult::delay)
        .containsExactly(millis(0), millis(150), millis(300), millis(450));
    assertThat(results())
        .extracting(CallResult::latency)
        .containsExactly(millis(250), millis(400), millis(550), millis(700));
  }

  @Test
  void stopsWithEveryCallAccountedFor() throws InterruptedException {
    CompletableFuture<Load> load = new CompletableFuture<>();
    LoopbackService.Users users =
        new LoopbackService.Users(
            userId -> {
              if (userId.equals("u-1-20")) {
                load.join().stop();
              }
            });
    try (LoopbackService service = LoopbackService.with(users)) {
      load.complete(load(plan(service, "u-1-", 500, 100_000, 50, 1), Ticker.SYSTEM));

      Load.Totals totals = load.join().run();

      assertThat(totals.calls()).isBetween(21L, 99_999L);
      assertThat(results())
          .hasSize((int) totals.calls())
          .allMatch(result -> result.status().isOk());
    }
  }

  @Test
  void endsCallsInFlightWhenItIsAbandoned() throws InterruptedException {
    CompletableFuture<Load> load = new CompletableFuture<>();
    LoopbackService.Users users = new LoopbackService.Users(userId -> load.join().abandon());
    try (LoopbackService service = LoopbackService.with(users)) {
      load.complete(load(plan(service, "u-silent", 10, 1_000, 50, 1), Ticker.SYSTEM));

      Load.Totals totals = load.join().run();

      assertThat(results())
          .hasSize((int) totals.calls())
          .noneMatch(result -> result.status().isOk());
    }
  }

  @Test
  void refusesAPlanThatBreaksALimit() {
    try (LoopbackService service = LoopbackService.with()) {
      assertThatThrownBy(() -> plan(service, "u", 0, 1, 1, 1))
          .hasMessageContaining("rate_per_second is 0.0");
      assertThatThrownBy(() -> plan(service, "u", 1, 0, 1, 1)).hasMessageContaining("0 calls");
      assertThatThrownBy(() -> plan(service, "u", 1, 1, 0, 1))
          .hasMessageContaining("concurrency is 0");
      assertThatThrownBy(() -> plan(service, "u", 1, 1, 1, 65))
          .hasMessageContaining("connections is 65");
      assertThatThrownBy(() -> LoadPlan.callsIn(Duration.ofHours(2), 1))
          .hasMessageContaining("duration is PT2H");
    }
  }

  private List<CallResult> results() {
    return ledger.stream().sorted(Comparator.comparing(CallResult::sequence)).toList();
  }

  private Load load(LoadPlan plan, Ticker ticker) {
    return new Load(plan, Credential.NONE, ticker, timer, ledger::add);
  }

  private static LoadPlan plan(
      LoopbackService service,
      String userPrefix,
      double rate,
      long calls,
      int concurrency,
      int connections) {
    Work work =
        new Work(
            UserServiceGrpc.getGetUserMethod().getFullMethodName(),
            GetUserRequest.newBuilder().setUserId(userPrefix).build().toByteString(),
            userPrefix.endsWith("-")
                ? Optional.of(new NumberedField(GetUserRequest.USER_ID_FIELD_NUMBER, userPrefix))
                : Optional.empty(),
            Optional.empty());
    return new LoadPlan(
        "test", service.target(), work, rate, calls, concurrency, connections, DEADLINE, false);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  /** Time that passes only when it is told to, and at once when it is waited for. */
  private static final class ManualTicker implements Ticker {
    private final AtomicLong now = new AtomicLong();

    void reach(Duration sinceStart) {
      now.accumulateAndGet(sinceStart.toNanos(), Math::max);
    }

    @Override
    public long nanos() {
      return now.get();
    }

    @Override
    public boolean waitUntil(long nanos, CountDownLatch end) {
      reach(Duration.ofNanos(nanos));
      return end.getCount() > 0;
    }
  }
}
