package dev.tandem.caller.control;

import dev.tandem.caller.calls.CallResult;
import dev.tandem.e2e.v1.CallRecord;
import dev.tandem.e2e.v1.LedgerBatch;
import dev.tandem.e2e.v1.RunLoadResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Streams a ledger in batches, no faster than the reader takes them. Results are queued without
 * blocking; the queue is bounded by the load's number of calls.
 */
final class LedgerWriter {
  private static final int BATCH_CALLS = 500;
  private static final long BATCH_MILLIS = 100;

  private final ServerCallStreamObserver<RunLoadResponse> reader;
  private final BlockingQueue<CallRecord> queue = new LinkedBlockingQueue<>();
  private final Semaphore turns = new Semaphore(0);
  private volatile boolean complete;

  /** Must be made before the call's method returns: gRPC takes the handler only until then. */
  LedgerWriter(ServerCallStreamObserver<RunLoadResponse> reader) {
    this.reader = reader;
    reader.setOnReadyHandler(turns::release);
  }

  void add(CallResult result) {
    queue.add(Messages.record(result));
  }

  /** No result follows. */
  void complete() {
    complete = true;
  }

  /** The reader went away. */
  void cancelled() {
    turns.release();
  }

  /** Writes until the ledger is complete and written, or the reader goes away. */
  void write() throws InterruptedException {
    while (!reader.isCancelled()) {
      // Read before the queue: a result added before completion is then never missed.
      boolean last = complete;
      List<CallRecord> batch = nextBatch();
      if (batch.isEmpty()) {
        if (last) {
          return;
        }
      } else if (awaitTurn()) {
        send(
            RunLoadResponse.newBuilder()
                .setBatch(LedgerBatch.newBuilder().addAllCalls(batch))
                .build());
      }
    }
  }

  /** Sends one piece as it is; only from the thread that writes. */
  void send(RunLoadResponse response) {
    reader.onNext(response);
  }

  private List<CallRecord> nextBatch() throws InterruptedException {
    List<CallRecord> batch = new ArrayList<>();
    CallRecord first = queue.poll(BATCH_MILLIS, TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      queue.drainTo(batch, BATCH_CALLS - 1);
    }
    return batch;
  }

  private boolean awaitTurn() throws InterruptedException {
    while (!reader.isReady() && !reader.isCancelled()) {
      turns.acquire();
    }
    return !reader.isCancelled();
  }
}
