package dev.tandem.payment;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
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

  private final BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();
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

  private Server serve(int onPort) throws IOException {
    return Grpc.newServerBuilderForPort(onPort, InsecureServerCredentials.create())
        .addService(this)
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
}
