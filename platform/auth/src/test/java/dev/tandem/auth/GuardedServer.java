package dev.tandem.auth;

import dev.tandem.identity.Caller;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A real gRPC server on a real socket, with grpc.health.v1 behind the interceptor: a unary method
 * and a stream that anybody has at hand. It keeps who called.
 */
final class GuardedServer implements AutoCloseable {

  /** Everything needs a token, health too. */
  static final AccessRules NOTHING_EXEMPT = new AccessRules(Set.of(), List.of());

  private static final int METADATA_BYTES = 256 * 1024;

  /** The callers of the calls that passed, in the order of arrival. */
  final List<String> callers = new CopyOnWriteArrayList<>();

  /** What is left of their authorization metadata behind the interceptor. */
  final List<Boolean> authorizationLeft = new CopyOnWriteArrayList<>();

  private final Server server;
  private final ManagedChannel channel;

  GuardedServer(ServerInterceptor guard) {
    this(guard, Executors.newVirtualThreadPerTaskExecutor());
  }

  /** Calls' events happen on this executor. */
  GuardedServer(ServerInterceptor guard, Executor executor) {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .executor(executor)
              .maxInboundMetadataSize(METADATA_BYTES)
              .addService(
                  ServerInterceptors.intercept(
                      new HealthStatusManager().getHealthService(), new Notes(), guard))
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  static GuardedServer of(TestIssuer issuer) {
    return new GuardedServer(
        new AuthenticationInterceptor(
            TestIssuer.rules(), NOTHING_EXEMPT, FixedKeys.of(issuer.jwks())));
  }

  Channel channel() {
    return channel;
  }

  Channel channel(Metadata headers) {
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** What a unary call with a token comes to. */
  Status call(String token) {
    return call(bearer(token));
  }

  /** What a unary call with metadata comes to. */
  Status call(Metadata headers) {
    return statusOf(
        () ->
            HealthGrpc.newBlockingStub(channel(headers))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance()));
  }

  /** What the first message of a stream with metadata comes to. */
  Status watch(Metadata headers) {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      return statusOf(
          () ->
              context.run(
                  () ->
                      HealthGrpc.newBlockingStub(channel(headers))
                          .withDeadlineAfter(20, TimeUnit.SECONDS)
                          .watch(HealthCheckRequest.getDefaultInstance())
                          .next()));
    }
  }

  static Metadata bearer(String token) {
    return authorization("Bearer " + token);
  }

  static Metadata authorization(String... values) {
    Metadata headers = new Metadata();
    for (String value : values) {
      headers.put(BearerToken.AUTHORIZATION, value);
    }
    return headers;
  }

  private static Status statusOf(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private final class Notes implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      callers.add(Caller.current().map(Caller::name).orElse("nobody"));
      authorizationLeft.add(headers.containsKey(BearerToken.AUTHORIZATION));
      return next.startCall(call, headers);
    }
  }
}
