package dev.tandem.caller;

import dev.tandem.caller.calls.ServedBy;
import dev.tandem.caller.calls.Target;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import dev.tandem.user.v1.WatchUserRequest;
import dev.tandem.user.v1.WatchUserResponse;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A real gRPC server on the loopback interface that says who it is, as Tandem's services do. */
public final class LoopbackService implements AutoCloseable {
  /** Who answers. */
  public static final ServedBy SELF = new ServedBy("shanghai", "user-0", "1.2.3");

  /** The health of the server, which tests may change. */
  public final HealthStatusManager health = new HealthStatusManager();

  /** The metadata of every call, in the order of arrival. */
  public final List<Metadata> requests = new CopyOnWriteArrayList<>();

  private final Server server;

  private LoopbackService(BindableService... services) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .intercept(new SaysWhoItIs(requests))
            .addService(health.getHealthService());
    List.of(services).forEach(builder::addService);
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The authorization of every call, in the order of arrival; empty for a call without. */
  public List<String> authorizations() {
    return said("authorization");
  }

  /** What every call said under a name, in the order of arrival; empty where it said nothing. */
  public List<String> said(String name) {
    Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    return requests.stream()
        .map(headers -> Objects.requireNonNullElse(headers.get(key), ""))
        .toList();
  }

  /** Starts a server with services. */
  public static LoopbackService with(BindableService... services) {
    return new LoopbackService(services);
  }

  /** Where it listens. */
  public Target target() {
    return new Target(InetAddress.getLoopbackAddress().getHostAddress(), server.getPort());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** Knows u-1 and nobody else; u-silent is never answered. */
  public static final class Users extends UserServiceImplBase {
    /** The user_id of every request for one user, in the order of arrival. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    private final Consumer<String> beforeReply;

    /** Users that are answered at once. */
    public Users() {
      this(userId -> {});
    }

    /** Users before whose answer something happens. */
    public Users(Consumer<String> beforeReply) {
      this.beforeReply = beforeReply;
    }

    @Override
    public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> observer) {
      asked.add(request.getUserId());
      beforeReply.accept(request.getUserId());
      if (request.getUserId().equals("u-silent")) {
        return;
      }
      if (!request.getUserId().startsWith("u-1")) {
        observer.onError(notFound(request.getUserId()));
        return;
      }
      observer.onNext(
          GetUserResponse.newBuilder()
              .setUserId(request.getUserId())
              .setName("Lin Wei")
              .setAge(34)
              .build());
      observer.onCompleted();
    }

    /** Three states at once, then nothing more, the stream staying open. */
    @Override
    public void watchUser(WatchUserRequest request, StreamObserver<WatchUserResponse> observer) {
      if (!request.getUserId().equals("u-1")) {
        observer.onError(notFound(request.getUserId()));
        return;
      }
      for (int revision = 1; revision <= 3; revision++) {
        observer.onNext(
            WatchUserResponse.newBuilder()
                .setUserId("u-1")
                .setName("Lin Wei")
                .setRevision(revision)
                .build());
      }
    }

    private static RuntimeException notFound(String userId) {
      return Status.NOT_FOUND.withDescription("no user " + userId).asRuntimeException();
    }
  }

  private record SaysWhoItIs(List<Metadata> requests) implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      requests.add(headers);
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata responseHeaders) {
              SELF.writeTo(responseHeaders);
              super.sendHeaders(responseHeaders);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              SELF.writeTo(trailers);
              super.close(status, trailers);
            }
          },
          headers);
    }
  }
}
