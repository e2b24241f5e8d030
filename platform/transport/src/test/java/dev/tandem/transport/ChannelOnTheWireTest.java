package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tandem.transport.Http2Peer.Frame;
import dev.tandem.transport.Http2Peer.FrameType;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server sees of a channel's settings, frame by frame. */
class ChannelOnTheWireTest {

  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_HEADER_LIST_SIZE = 6;
  private static final int CANCEL = 8;
  private static final byte[] HELLO = {1, 2, 3};

  private final List<ManagedChannel> channels = new ArrayList<>();
  private ServerSocket listener;

  @BeforeEach
  void listen() throws Exception {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    channels.forEach(ManagedChannel::shutdownNow);
    listener.close();
  }

  @Test
  void grantsOneMebibyteOnEachStreamAndOnTheConnection() throws Exception {
    assertThat(open().getState(true)).isEqualTo(ConnectivityState.IDLE);
    try (Http2Peer server = Http2Peer.acceptedBy(listener)) {
      Map<Integer, Long> settings =
          server.next(frame -> frame.is(FrameType.SETTINGS) && !frame.acknowledges()).settings();

      assertThat(settings)
          .containsEntry(INITIAL_WINDOW_SIZE, 1048576L)
          .containsEntry(MAX_HEADER_LIST_SIZE, 65536L);
      assertThat(65_535 + server.next(FrameType.WINDOW_UPDATE).firstInt()).isEqualTo(1_048_576);
    }
  }

  @Test
  void sendsOneHundredCallsOverOneConnection() throws Exception {
    ManagedChannel channel = open();
    List<ListenableFuture<byte[]>> calls = new ArrayList<>();
    for (int call = 0; call < 100; call++) {
      calls.add(call(channel));
    }
    try (Http2Peer server = Http2Peer.acceptedBy(listener)) {
      List<Integer> streams = new ArrayList<>();
      for (int call = 0; call < 100; call++) {
        streams.add(server.next(FrameType.HEADERS).stream());
      }

      // All of them are open at once before the first is answered.
      for (int stream : streams) {
        server.answer(stream, HELLO);
      }

      assertThat(streams).doesNotHaveDuplicates();
      for (ListenableFuture<byte[]> call : calls) {
        assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(HELLO);
      }
    }
  }

  @Test
  void leavesTheOtherCallsAloneWhenTheServerResetsOne() throws Exception {
    ManagedChannel channel = open();
    ListenableFuture<byte[]> first = call(channel);
    try (Http2Peer server = Http2Peer.acceptedBy(listener)) {
      int firstStream = server.next(FrameType.HEADERS).stream();
      ListenableFuture<byte[]> second = call(channel);
      int secondStream = server.next(FrameType.HEADERS).stream();

      server.reset(firstStream, CANCEL);
      server.answer(secondStream, HELLO);

      assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(HELLO);
      assertThat(statusOf(first).getCode()).isEqualTo(Status.Code.CANCELLED);
    }
  }

  @Test
  void refusesAReplyThatIsTooLargeAndKeepsTheConnection() throws Exception {
    ManagedChannel channel = open("client.message-size", "1K");
    ListenableFuture<byte[]> large = call(channel);
    try (Http2Peer server = Http2Peer.acceptedBy(listener)) {
      server.answer(server.next(FrameType.HEADERS).stream(), new byte[1025]);
      assertThat(statusOf(large).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

      ListenableFuture<byte[]> small = call(channel);
      server.answer(server.next(FrameType.HEADERS).stream(), new byte[1024]);

      assertThat(small.get(30, TimeUnit.SECONDS)).hasSize(1024);
    }
  }

  @Test
  void closesAnIdleConnectionAndOpensAnotherForTheNextCall() throws Exception {
    ManagedChannel channel = open("client.idle", "1s");
    ListenableFuture<byte[]> first = call(channel);
    try (Http2Peer server = Http2Peer.acceptedBy(listener)) {
      server.answer(server.next(FrameType.HEADERS).stream(), HELLO);
      first.get(30, TimeUnit.SECONDS);

      assertThat(server.isHungUp()).isTrue();
    }
    ListenableFuture<byte[]> second = call(channel);
    try (Http2Peer server = Http2Peer.acceptedBy(listener)) {
      Frame headers = server.next(FrameType.HEADERS);
      server.answer(headers.stream(), HELLO);

      assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(HELLO);
      assertThat(headers.headers()).containsEntry(":path", EchoServer.SAY_PATH);
    }
  }

  private ManagedChannel open(String... keysAndValues) {
    List<String> settings = new ArrayList<>(List.of(keysAndValues));
    settings.addAll(
        List.of("channels.echo.target", "127.0.0.1:%d".formatted(listener.getLocalPort())));
    ManagedChannel channel =
        new ChannelFactory(
                Settings.of(settings.toArray(String[]::new)), TlsIdentity.none(), List.of())
            .open("echo");
    channels.add(channel);
    return channel;
  }

  private static ListenableFuture<byte[]> call(ManagedChannel channel) {
    return ClientCalls.futureUnaryCall(
        channel.newCall(
            EchoServer.SAY, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS)),
        HELLO);
  }

  private static Status statusOf(ListenableFuture<byte[]> call) throws Exception {
    try {
      call.get(60, TimeUnit.SECONDS);
      throw new AssertionError("not refused");
    } catch (ExecutionException e) {
      return Status.fromThrowable(e);
    }
  }
}
