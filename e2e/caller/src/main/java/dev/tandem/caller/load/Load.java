package dev.tandem.caller.load;

import dev.tandem.caller.calls.CallResult;
import dev.tandem.caller.calls.Caller;
import dev.tandem.caller.calls.Connections;
import dev.tandem.caller.calls.Ticker;
import dev.tandem.caller.token.Credential;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * One load while it runs: an open loop. A call starts when the plan says so, however the earlier
 * ones fare, and its latency counts from that instant. When all places in flight are taken the call
 * waits for one, and the wait is part of its latency: a server that stalls is not flattered by
 * calls that were never sent (coordinated omission).
 */
public final class Load {
  private final LoadPlan plan;
  private final Ticker ticker;
  private final Consumer<CallResult> ledger;
  private final Connections connections;
  private final Caller caller;
  private final Semaphore inFlight;
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * Prepares a load.
   *
   * @param credential what its calls carry
   * @param ledger takes each call's result, on the connections' threads: it must not block
   */
  public Load(
      LoadPlan plan,
      Credential credential,
      Ticker ticker,
      ScheduledExecutorService timer,
      Consumer<CallResult> ledger) {
    this.plan = plan;
    this.ticker = ticker;
    this.ledger = ledger;
    this.connections = Connections.to(plan.target(), plan.connections(), credential);
    this.caller = new Caller(plan.work(), plan.deadline(), plan.keepReplies(), ticker, timer);
    this.inFlight = new Semaphore(plan.concurrency());
  }

  /**
   * What a load came to.
   *
   * @param calls how many calls were sent; the ledger has each
   * @param elapsed from the first call's start to the last one's end
   */
  public record Totals(long calls, Duration elapsed) {}

  /** Sends the calls and returns when the last one has ended. */
  public Totals run() throws InterruptedException {
    try (connections) {
      long start = ticker.nanos();
      long sequence = 0;
      while (sequence < plan.calls()
          && ticker.waitUntil(start + plan.intendedStart(sequence), end)) {
        inFlight.acquire();
        caller.send(
            connections.forCall(sequence),
            sequence,
            start,
            start + plan.intendedStart(sequence),
            this::record);
        sequence++;
      }
      inFlight.acquire(plan.concurrency());
      return new Totals(sequence, ticker.since(start));
    }
  }

  /** Starts no further call. Those in flight end as they may. */
  public void stop() {
    end.countDown();
  }

  /** Starts no further call and ends those in flight. */
  public void abandon() {
    stop();
    connections.close();
  }

  private void record(CallResult result) {
    ledger.accept(result);
    inFlight.release();
  }
}
