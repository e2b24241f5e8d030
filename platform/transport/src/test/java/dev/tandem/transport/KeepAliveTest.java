package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.transport.Http2Peer.Frame;
import dev.tandem.transport.Http2Peer.FrameType;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Both ends ping; gRPC has no interval below 10 s, so one test waits for both of them at once. */
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
