package dev.tandem.e2e.call;

import dev.tandem.e2e.v1.RunLoadRequest;
import dev.tandem.e2e.v1.RunLoadResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A load while it runs. Its ledger can be looked at and waited for; what counts in the end is the
 * ledger that {@link #stop} or {@link #awaitEnd} gives, in which every call is accounted for.
 * Locked on itself.
 */
public final class RunningLoad implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** Calls in flight end with their deadline; their ledger needs a moment to arrive. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final String what;
  private final Runnable stopRequest;
  private final Function<Throwable, AssertionError> explanation;
  private final List<Call> calls = new ArrayList<>();
  private @Nullable ClientCallStreamObserver<?> control;
  private @Nullable Throwable failure;
  private long startNanos;
  private boolean started;
  private boolean complete;
  private long totalCalls;

  RunningLoad(String what, Runnable stopRequest, Function<Throwable, AssertionError> explanation) {
    this.what = what;
    this.stopRequest = stopRequest;
    this.explanation = explanation;
  }

  StreamObserver<RunLoadResponse> observer() {
    return new ClientResponseObserver<RunLoadRequest, RunLoadResponse>() {
      @Override
      public void beforeStart(ClientCallStreamObserver<RunLoadRequest> stream) {
        synchronized (RunningLoad.this) {
          control = stream;
        }
      }

      @Override
      public void onNext(RunLoadResponse piece) {
        take(piece);
      }

      @Override
      public void onError(Throwable cause) {
        synchronized (RunningLoad.this) {
          failure = cause;
          RunningLoad.this.notifyAll();
        }
      }

      @Override
      public void onCompleted() {
        synchronized (RunningLoad.this) {
          complete = true;
          RunningLoad.this.notifyAll();
        }
      }
    };
  }

  private synchronized void take(RunLoadResponse piece) {
    switch (piece.getEventCase()) {
      case STARTED -> {
        started = true;
        startNanos = System.nanoTime();
      }
      case BATCH -> piece.getBatch().getCallsList().forEach(call -> calls.add(Call.of(call)));
      case FINISHED -> totalCalls = piece.getFinished().getCalls();
      case EVENT_NOT_SET ->
          throw new IllegalStateException("the caller is newer than this client: " + piece);
    }
    notifyAll();
  }

  /** The time since the load's start, to be compared with calls' starts. */
  public synchronized Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /**
   * How long after an instant it started: what joins the ledgers of several loads into one.
   *
   * @param nanoTime an instant of {@link System#nanoTime}
   */
  public synchronized Duration startedAfter(long nanoTime) {
    return Duration.ofNanos(startNanos - nanoTime);
  }

  /** The calls that have ended so far. */
  public synchronized Ledger soFar() {
    return new Ledger(what, calls);
  }

  /**
   * Waits until the ledger shows something.
   *
   * @param expectation what is awaited, after "waited … for"
   */
  public synchronized void await(String expectation, Duration limit, Predicate<Ledger> shown) {
    waitFor(
        limit,
        () -> shown.test(new Ledger(what, calls)),
        () ->
            "waited %s s for %s. %s so far: %s. The last calls:%n%s"
                .formatted(
                    limit.toSeconds(), expectation, what, soFar().figures(), soFar().lastCalls()));
    if (complete && !shown.test(new Ledger(what, calls))) {
      throw new AssertionError(
          "%s ended before there was %s: %s".formatted(what, expectation, soFar().figures()));
    }
  }

  synchronized void awaitStart() {
    waitFor(START_LIMIT, () -> started, () -> what + " did not start within " + START_LIMIT);
  }

  /** Starts no further call and gives the complete ledger. */
  public Ledger stop() {
    stopRequest.run();
    return awaitEnd(END_LIMIT);
  }

  /** Waits for the last call and gives the complete ledger. */
  public Ledger awaitEnd() {
    return awaitEnd(Duration.ofMinutes(16));
  }

  private synchronized Ledger awaitEnd(Duration limit) {
    waitFor(
        limit,
        () -> complete,
        () -> "%s did not end within %s: %s".formatted(what, limit, soFar().figures()));
    if (calls.size() != totalCalls) {
      throw new AssertionError(
          "%s: %d calls were sent, the ledger has %d".formatted(what, totalCalls, calls.size()));
    }
    return soFar();
  }

  private interface Condition {
    boolean holds();
  }

  private interface Explanation {
    String text();
  }

  private synchronized void waitFor(Duration limit, Condition condition, Explanation onLimit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.holds()) {
        if (failure != null) {
          throw explanation.apply(failure);
        }
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError(onLimit.text());
        }
        if (complete) {
          return;
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }

  /** Abandons the load when it has not ended. */
  @Override
  public synchronized void close() {
    if (control != null && !complete) {
      control.cancel("the proof needs no further calls", null);
    }
  }
}
