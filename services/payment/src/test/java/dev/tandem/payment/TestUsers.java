package dev.tandem.payment;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A user service on a real gRPC server: it knows a few, never answers for "silent", and can be
 * stopped.
 */
final class TestUsers extends UserServiceImplBase implements AutoCloseable {

  private static final Map<String, String> NAMES =
      Map.of(
          "ada",
          "Ada Lovelace",
          "grace",
          "Grace Hopper",
          "hedy",
          "Hedy Lamarr",
          "katherine",
          "Katherine Johnson",
          "radia",
          "Radia Perlman");

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
  private final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();
  private Server server;
  private final int port;

  TestUsers() throws IOException {
    server = serve(0);
    port = server.getPort();
  }

  int port() {
    return port;
  }

  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  void start() throws IOException {
    server = serve(port);
  }

  void forgetDeadlines() {
    deadlines.clear();
  }

  /** The deadline of the next call that arrives, waiting for it. */
  @Nullable Deadline nextDeadline() throws InterruptedException {
    return deadlines.poll(10, TimeUnit.SECONDS);
  }

  void forgetAuthorizations() {
    authorizations.clear();
  }

  /** The authorization of the next call that arrives, waiting for it; empty for a call without. */
  @Nullable String nextAuthorization() throws InterruptedException {
    return authorizations.poll(10, TimeUnit.SECONDS);
  }

  void forgetHeaders() {
    headers.clear();
  }

  /** The headers of the next call that arrives, waiting for it. */
  @Nullable Metadata nextHeaders() throws InterruptedException {
    return headers.poll(10, TimeUnit.SECONDS);
  }

  private Server serve(int onPort) throws IOException {
    return Grpc.newServerBuilderForPort(onPort, InsecureServerCredentials.create())
        .addService(this)
        .intercept(this::remember)
        .build()
        .start();
  }

  @Override
  public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    deadlines.add(Objects.requireNonNull(Context.current().getDeadline(), "calls have deadlines"));
    if (request.getUserId().equals("silent")) {
      return;
    }
    String name = NAMES.get(request.getUserId());
    if (name == null) {
      response.onError(Status.NOT_FOUND.asRuntimeException());
      return;
    }
    response.onNext(
        GetUserResponse.newBuilder().setUserId(request.getUserId()).setName(name).build());
    response.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private <Q, R> ServerCall.Listener<Q> remember(
      ServerCall<Q, R> call, Metadata received, ServerCallHandler<Q, R> next) {
    headers.add(received);
    authorizations.add(Objects.requireNonNullElse(received.get(AUTHORIZATION), ""));
    return next.startCall(call, received);
  }
}
