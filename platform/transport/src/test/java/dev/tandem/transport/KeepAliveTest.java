package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.transport.Http2Peer.Frame;
import dev.tandem.transport.Http2Peer.FrameType;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingChannelBuilder2;
import io.grpc.ForwardingServerBuilder;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Both ends ping after the interval that their builders are told: 30 s by default. gRPC has no
 * interval below 10 s, so one test waits for both of them at once, and another looks at what the
 * builders are told.
 */
class KeepAliveTest {

  @Test
  void bothEndsPingAConnectionWithoutCalls() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Frame> fromChannel = threads.submit(KeepAliveTest::pingOfAChannel);
      Future<Frame> fromServer = threads.submit(KeepAliveTest::pingOfAServer);

      assertThat(fromChannel.get().acknowledges()).isFalse();
      assertThat(fromServer.get().acknowledges()).isFalse();
    }
  }

  @Test
  void bothBuildersAreToldThirtySecondsAndThatAlsoConnectionsWithoutCallsArePinged() {
    RecordedChannel channel = new RecordedChannel();
    RecordedServer server = new RecordedServer();

    new ChannelFactory(Settings.of(), TlsIdentity.none(), List.of()).applyTo(channel);
    new ServerTransport(Settings.of(), TlsIdentity.none()).applyTo(server);

    assertThat(channel.keepAlive).isEqualTo(Duration.ofSeconds(30));
    assertThat(channel.withoutCalls).isTrue();
    assertThat(server.keepAlive).isEqualTo(Duration.ofSeconds(30));
    assertThat(server.permitsWithoutCalls).isTrue();
  }

  private static final class RecordedChannel extends ForwardingChannelBuilder2<RecordedChannel> {

    private final ManagedChannelBuilder<?> delegate =
        NettyChannelBuilder.forTarget("localhost:1", InsecureChannelCredentials.create());
    private @Nullable Duration keepAlive;
    private boolean withoutCalls;

    @Override
    protected ManagedChannelBuilder<?> delegate() {
      return delegate;
    }

    @Override
    public RecordedChannel keepAliveTime(long time, TimeUnit unit) {
      keepAlive = Duration.of(time, unit.toChronoUnit());
      return super.keepAliveTime(time, unit);
    }

    @Override
    public RecordedChannel keepAliveWithoutCalls(boolean enable) {
      withoutCalls = enable;
      return super.keepAliveWithoutCalls(enable);
    }
  }

  private static final class RecordedServer extends ForwardingServerBuilder<RecordedServer> {

    private final ServerBuilder<?> delegate = NettyServerBuilder.forPort(0);
    private @Nullable Duration keepAlive;
    private boolean permitsWithoutCalls;

    @Override
    protected ServerBuilder<?> delegate() {
      return delegate;
    }

    @Override
    public RecordedServer keepAliveTime(long time, TimeUnit unit) {
      keepAlive = Duration.of(time, unit.toChronoUnit());
      return super.keepAliveTime(time, unit);
    }

    @Override
    public RecordedServer permitKeepAliveWithoutCalls(boolean permit) {
      permitsWithoutCalls = permit;
      return super.permitKeepAliveWithoutCalls(permit);
    }
  }

  private static Frame pingOfAServer() throws Exception {
    try (EchoServer server = EchoServer.with("server.keep-alive", "10s");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      return client.next(FrameType.PING);
    }
  }

  private static Frame pingOfAChannel() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ManagedChannel channel =
          new ChannelFactory(
                  Settings.of(
                      "client.keep-alive",
                      "10s",
                      "channels.echo.target",
                      "127.0.0.1:" + listener.getLocalPort()),
                  TlsIdentity.none(),
                  List.of())
              .open("echo");
      try {
        assertThat(channel.getState(true)).isEqualTo(ConnectivityState.IDLE);
        try (Http2Peer server = Http2Peer.acceptedBy(listener)) {
          return server.next(FrameType.PING);
        }
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
