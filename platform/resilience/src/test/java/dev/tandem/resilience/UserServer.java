package dev.tandem.resilience;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.WatchUserRequest;
import dev.tandem.user.v1.WatchUserResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A user service on a real socket whose answers a test chooses. */
final class UserServer extends UserServiceGrpc.UserServiceImplBase implements AutoCloseable {

  /** What a test has the server do with a call. */
  @FunctionalInterface
  interface Behaviour {
    void answer(int number, GetUserRequest request, StreamObserver<GetUserResponse> response);
  }

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger watches = new AtomicInteger();
  private final BlockingQueue<Optional<Deadline>> deadlines = new LinkedBlockingQueue<>();
  private final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();
  private final Behaviour behaviour;
  private final Server server;

  UserServer(Behaviour behaviour, ServerInterceptor... interceptors) throws IOException {
    this.behaviour = behaviour;
    var builder =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(this)
            .intercept(new Recording());
    // The one that is added last sees a call first.
    for (ServerInterceptor interceptor : interceptors) {
      builder.intercept(interceptor);
    }
    this.server = builder.build().start();
  }

  static void answerAda(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    response.onNext(
        GetUserResponse.newBuilder()
            .setUserId(request.getUserId())
            .setName("Ada Lovelace")
            .build());
    response.onCompleted();
  }

  int port() {
    return server.getPort();
  }

  /** How many calls have arrived, whatever became of them. */
  int calls() {
    return calls.get();
  }

  int watches() {
    return watches.get();
  }

  /** The deadline of the next call that arrived. */
  Optional<Deadline> nextDeadline() throws InterruptedException {
    Optional<Deadline> next = deadlines.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no call arrived");
    }
    return next;
  }

  /** A header of every call that arrived so far. */
  List<@Nullable String> received(Metadata.Key<String> key) {
    List<@Nullable String> values = new ArrayList<>();
    headers.forEach(metadata -> values.add(metadata.get(key)));
    return values;
  }

  @Override
  public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    deadlines.add(Optional.ofNullable(Context.current().getDeadline()));
    behaviour.answer(calls.incrementAndGet(), request, response);
  }

  @Override
  public void watchUser(WatchUserRequest request, StreamObserver<WatchUserResponse> response) {
    watches.incrementAndGet();
    deadlines.add(Optional.ofNullable(Context.current().getDeadline()));
    response.onError(Status.UNAVAILABLE.asRuntimeException());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Recording implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata metadata, ServerCallHandler<ReqT, RespT> next) {
      headers.add(metadata);
      return next.startCall(call, metadata);
    }
  }
}
