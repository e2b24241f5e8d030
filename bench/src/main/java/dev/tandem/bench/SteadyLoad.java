package dev.tandem.bench;

import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * So many calls a second, whether the earlier ones were answered or not (open loop). A call's time
 * counts from the moment when it was due, so that a server which holds calls up, and this program
 * with them, cannot hide it.
 *
 * <p>Not by h2load: its {@code --rps} wakes up a hundred times a second, and sends what was due
 * meanwhile at once.
 */
final class SteadyLoad {

  private static final int CONNECTIONS = 8;

  /** At first connections are made, and code is compiled, here too. */
  private static final Duration NOT_COUNTED = Duration.ofSeconds(1);

  /** Long enough that a call which waits behind others is counted as slow, and not as failed. */
  private static final int PATIENCE_SECONDS = 30;

  private final Metadata headers = new Metadata();

  SteadyLoad(String token) {
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
  }

  /** How long each call took. */
  Latencies run(Server server, Duration span, double callsPerSecond)
      throws IOException, InterruptedException {
    List<ManagedChannel> channels =
        Stream.generate(() -> channel(server.port())).limit(CONNECTIONS).toList();
    try {
      long interval = Math.round(1e9 / callsPerSecond);
      int uncounted = (int) (NOT_COUNTED.toNanos() / interval);
      Calls calls = new Calls((int) (span.toNanos() / interval) + uncounted);
      List<UserServiceStub> stubs =
          channels.stream()
              .map(
                  channel ->
                      UserServiceGrpc.newStub(channel)
                          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)))
              .toList();
      calls.send(stubs, interval);
      return calls.latencies(uncounted);
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .directExecutor()
        .build();
  }

  private static final class Calls {

    private final long[] nanos;
    private final CountDownLatch open;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Calls(int count) {
      nanos = new long[count];
      open = new CountDownLatch(count);
    }

    private void send(List<UserServiceStub> stubs, long interval) {
      long start = System.nanoTime();
      for (int i = 0; i < nanos.length; i++) {
        long due = start + i * interval;
        for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
        stubs
            .get(i % stubs.size())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .getUser(UserCalls.REQUEST, new Ending(i, due));
      }
    }

    private Latencies latencies(int uncounted) throws IOException, InterruptedException {
      open.await();
      Throwable first = failure.get();
      if (first != null) {
        throw new IOException("a call failed, and a load that fails says nothing", first);
      }
      return new Latencies(
          Arrays.stream(nanos, uncounted, nanos.length)
              .map(TimeUnit.NANOSECONDS::toMicros)
              .toArray());
    }

    private final class Ending implements StreamObserver<GetUserResponse> {

      private final int index;
      private final long due;

      private Ending(int index, long due) {
        this.index = index;
        this.due = due;
      }

      @Override
      public void onNext(GetUserResponse response) {}

      @Override
      public void onError(Throwable cause) {
        failure.compareAndSet(null, cause);
        open.countDown();
      }

      @Override
      public void onCompleted() {
        nanos[index] = System.nanoTime() - due;
        open.countDown();
      }
    }
  }
}
