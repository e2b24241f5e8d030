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
import java.util.concurrent.atomic.LongAdder;
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
  private static final int CALLS_EACH = 16;

  /** At first connections are made, and code is compiled, here too. */
  private static final Duration NOT_COUNTED = Duration.ofSeconds(1);

  /** Long enough that a call which waits behind others is counted as slow, and not as failed. */
  private static final int PATIENCE_SECONDS = 30;

  private final Metadata headers = new Metadata();

  SteadyLoad(String token) {
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
  }

  /**
   * How long each call took.
   *
   * @throws IOException when a call failed, or this program could not send so many
   */
  Steady run(Server server, Duration span, double callsPerSecond)
      throws IOException, InterruptedException {
    return with(
        server,
        stubs -> {
          long interval = Math.round(1e9 / callsPerSecond);
          int uncounted = (int) (NOT_COUNTED.toNanos() / interval);
          Calls calls = new Calls((int) (span.toNanos() / interval) + uncounted);
          calls.send(stubs, interval);
          return calls.steady(uncounted, span, callsPerSecond);
        });
  }

  /** How many calls a second this program gets answered at most: a new one for each answer. */
  double most(Server server, Duration span) throws IOException, InterruptedException {
    return with(server, stubs -> new Chains(span).callsPerSecond(stubs));
  }

  private interface Sending<T> {
    T by(List<UserServiceStub> stubs) throws IOException, InterruptedException;
  }

  private <T> T with(Server server, Sending<T> sending) throws IOException, InterruptedException {
    List<ManagedChannel> channels =
        Stream.generate(() -> channel(server.port())).limit(CONNECTIONS).toList();
    try {
      return sending.by(
          channels.stream()
              .map(
                  channel ->
                      UserServiceGrpc.newStub(channel)
                          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)))
              .toList());
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

  private static void throwIfFailed(AtomicReference<@Nullable Throwable> failure)
      throws IOException {
    Throwable first = failure.get();
    if (first != null) {
      throw new IOException("a call failed, and a load that fails says nothing", first);
    }
  }

  /** As many calls under way as h2load has, each followed by the next. */
  private static final class Chains {

    private final long span;
    private final LongAdder answered = new LongAdder();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch open = new CountDownLatch(CONNECTIONS * CALLS_EACH);

    private Chains(Duration span) {
      this.span = span.toNanos();
    }

    private double callsPerSecond(List<UserServiceStub> stubs)
        throws IOException, InterruptedException {
      long start = System.nanoTime();
      for (UserServiceStub stub : stubs) {
        for (int i = 0; i < CALLS_EACH; i++) {
          new Link(stub, start + span).ask();
        }
      }
      open.await();
      throwIfFailed(failure);
      return answered.sum() * 1e9 / (System.nanoTime() - start);
    }

    private final class Link implements StreamObserver<GetUserResponse> {

      private final UserServiceStub stub;
      private final long end;

      private Link(UserServiceStub stub, long end) {
        this.stub = stub;
        this.end = end;
      }

      private void ask() {
        stub.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS).getUser(UserCalls.REQUEST, this);
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
        answered.increment();
        if (System.nanoTime() - end < 0) {
          ask();
        } else {
          open.countDown();
        }
      }
    }
  }

  private static final class Calls {

    private final long[] nanos;
    private final long[] late;
    private final CountDownLatch open;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Calls(int count) {
      nanos = new long[count];
      late = new long[count];
      open = new CountDownLatch(count);
    }

    private void send(List<UserServiceStub> stubs, long interval) {
      long start = System.nanoTime();
      for (int i = 0; i < nanos.length; i++) {
        long due = start + i * interval;
        for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
        late[i] = System.nanoTime() - due;
        stubs
            .get(i % stubs.size())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .getUser(UserCalls.REQUEST, new Ending(i, due));
      }
    }

    private Steady steady(int uncounted, Duration span, double rate)
        throws IOException, InterruptedException {
      open.await();
      throwIfFailed(failure);
      return Steady.of(micros(nanos, uncounted), micros(late, uncounted), span, rate);
    }

    private static long[] micros(long[] all, int uncounted) {
      return Arrays.stream(all, uncounted, all.length)
          .map(TimeUnit.NANOSECONDS::toMicros)
          .toArray();
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
