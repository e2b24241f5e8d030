package dev.tandem.transport;

import io.grpc.Attributes;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A server with the transport's settings; it says what it hears, or waits until enough call. */
final class EchoServer implements AutoCloseable {

  static final String SAY_PATH = "/tandem.test.Echo/Say";
  static final MethodDescriptor<byte[], byte[]> SAY = method("Say");
  static final MethodDescriptor<byte[], byte[]> MEET = method("Meet");

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private final Server server;

  private EchoServer(NettyServerBuilder builder, int meeting) throws IOException {
    CyclicBarrier everybody = new CyclicBarrier(meeting);
    server =
        builder
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .addTransportFilter(new ConnectionCounter())
            .addService(
                ServerServiceDefinition.builder("tandem.test.Echo")
                    .addMethod(
                        SAY,
                        ServerCalls.asyncUnaryCall(
                            (message, reply) -> {
                              calls.incrementAndGet();
                              reply.onNext(message);
                              reply.onCompleted();
                            }))
                    .addMethod(
                        MEET,
                        ServerCalls.asyncUnaryCall(
                            (message, reply) -> {
                              try {
                                everybody.await(30, TimeUnit.SECONDS);
                                reply.onNext(message);
                                reply.onCompleted();
                              } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                                reply.onError(Status.ABORTED.asRuntimeException());
                              } catch (BrokenBarrierException | TimeoutException e) {
                                reply.onError(Status.ABORTED.asRuntimeException());
                              }
                            }))
                    .build())
            .build()
            .start();
  }

  /** With everything as it is by default but for these settings. */
  static EchoServer with(String... keysAndValues) throws IOException {
    TransportSettings settings = Settings.of(keysAndValues);
    return with(settings, TlsIdentity.of(settings.tls()), 1);
  }

  static EchoServer with(TransportSettings settings, TlsIdentity tls, int meeting)
      throws IOException {
    return new EchoServer(builder(settings, tls), meeting);
  }

  /** One that says how busy it is. */
  static EchoServer reporting(ServerLoad load) throws IOException {
    return new EchoServer(
        builder(Settings.of(), TlsIdentity.none()).intercept(new LoadReportInterceptor(load)), 1);
  }

  private static NettyServerBuilder builder(TransportSettings settings, TlsIdentity tls) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    new ServerTransport(settings, tls).applyTo(builder);
    return builder;
  }

  int port() {
    return server.getPort();
  }

  int connections() {
    return connections.get();
  }

  int calls() {
    return calls.get();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("tandem.test.Echo/" + name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class ConnectionCounter extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      connections.incrementAndGet();
      return attributes;
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
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
}
