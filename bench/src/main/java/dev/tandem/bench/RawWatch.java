package dev.tandem.bench;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * etcd's own watch of one key, with grpc-java and nothing else: the least that learning can take.
 */
final class RawWatch implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final ManagedChannel channel;
  private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();

  /** Returns when the watch is there. */
  RawWatch(Etcd etcd, String key) throws IOException, InterruptedException {
    channel = etcd.connect();
    StreamObserver<WatchRequest> requests =
        WatchGrpc.newStub(channel)
            .watch(
                new StreamObserver<>() {
                  @Override
                  public void onNext(WatchResponse response) {
                    heard.add(System.nanoTime());
                  }

                  @Override
                  public void onError(Throwable problem) {}

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(Etcd.bytes(key)))
            .build());
    var _ = next();
  }

  /** When the next event came, as {@link System#nanoTime} counts. */
  long next() throws IOException, InterruptedException {
    Long instant = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (instant == null) {
      throw new IOException("etcd has told of no change for %d s".formatted(PATIENCE_SECONDS));
    }
    return instant;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
