package dev.tandem.ratelimit;

import dev.tandem.identity.Caller;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A real server on the loopback, behind the limiter; says what it is told. */
final class EchoServer implements AutoCloseable {

  static final MethodDescriptor<byte[], byte[]> SAY = method("Say", MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> TALK = method("Talk", MethodType.BIDI_STREAMING);

  /** Whom the stand-in for authentication takes the caller for. */
  static final Metadata.Key<String> NAME =
      Metadata.Key.of("name", Metadata.ASCII_STRING_MARSHALLER);

  /** How many calls reached the service. */
  final AtomicInteger reached = new AtomicInteger();

  private final Server server;
  private final List<ManagedChannel> channels = new ArrayList<>();

  EchoServer(ServerInterceptor limiter) throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(
                ServerInterceptors.intercept(definition(), limiter, new StandInForAuthentication()))
            .addService(
                ServerInterceptors.intercept(health(), limiter, new StandInForAuthentication()))
            .build()
            .start();
  }

  /** A new connection. */
  ManagedChannel connect() {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", server.getPort(), InsecureChannelCredentials.create())
            .build();
    channels.add(channel);
    return channel;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.shutdownNow();
  }

  private static BindableService health() {
    return new HealthStatusManager().getHealthService();
  }

  private ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder("tandem.test.Echo")
        .addMethod(SAY, ServerCalls.asyncUnaryCall(this::say))
        .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(this::talk))
        .build();
  }

  private void say(byte[] request, StreamObserver<byte[]> response) {
    reached.incrementAndGet();
    response.onNext(request);
    response.onCompleted();
  }

  private StreamObserver<byte[]> talk(StreamObserver<byte[]> response) {
    reached.incrementAndGet();
    return response;
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setFullMethodName("tandem.test.Echo/" + name)
        .setType(type)
        .build();
  }

  private static final class Bytes implements Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class StandInForAuthentication implements ServerInterceptor {

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      String name = headers.get(NAME);
      return name == null
          ? next.startCall(call, headers)
          : Contexts.interceptCall(new Caller(name).into(Context.current()), call, headers, next);
    }
  }
}
