package dev.tandem.transport;

import static dev.tandem.transport.EchoServer.SAY_PATH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.transport.Http2Peer.Frame;
import dev.tandem.transport.Http2Peer.FrameType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of the server's settings, frame by frame. */
class ServerOnTheWireTest {

  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_HEADER_LIST_SIZE = 6;
  private static final int NO_ERROR = 0;
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final byte[] HELLO = {1, 2, 3};

  @Test
  void grantsAThousandStreamsAndOneMebibyteOnEach() throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      Map<Integer, Long> settings =
          client.next(frame -> frame.is(FrameType.SETTINGS) && !frame.acknowledges()).settings();

      assertThat(settings)
          .containsEntry(MAX_CONCURRENT_STREAMS, 1000L)
          .containsEntry(INITIAL_WINDOW_SIZE, 1048576L)
          .containsEntry(MAX_HEADER_LIST_SIZE, 65536L);
    }
  }

  @Test
  void grantsOneMebibyteOnTheConnection() throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      Frame update = client.next(FrameType.WINDOW_UPDATE);

      assertThat(update.stream()).isZero();
      // Every connection begins with 65,535 bytes: RFC 9113, section 6.9.2.
      assertThat(65_535 + update.firstInt()).isEqualTo(1_048_576);
    }
  }

  @Test
  void grantsWhatIsConfigured() throws Exception {
    try (EchoServer server =
            EchoServer.with(
                "server.concurrent-streams", "7",
                "server.window", "2M",
                "server.header-size", "9K");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      Map<Integer, Long> settings =
          client.next(frame -> frame.is(FrameType.SETTINGS) && !frame.acknowledges()).settings();

      assertThat(settings)
          .containsEntry(MAX_CONCURRENT_STREAMS, 7L)
          .containsEntry(INITIAL_WINDOW_SIZE, 2L * 1024 * 1024)
          .containsEntry(MAX_HEADER_LIST_SIZE, 9L * 1024);
      assertThat(65_535 + client.next(FrameType.WINDOW_UPDATE).firstInt())
          .isEqualTo(2 * 1024 * 1024);
    }
  }

  @Test
  void refusesTheStreamPastTheLimitAndServesTheOthers() throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.next(frame -> frame.is(FrameType.SETTINGS) && frame.acknowledges());
      for (int call = 0; call < 1000; call++) {
        client.open(2 * call + 1, SAY_PATH);
      }

      client.open(2001, SAY_PATH);

      Frame refusal = client.endOf(2001);
      assertThat(refusal.type()).isEqualTo(FrameType.RST_STREAM);
      assertThat(refusal.firstInt()).isEqualTo(REFUSED_STREAM);
      client.finish(1, HELLO);
      assertThat(client.endOf(1).headers()).containsEntry("grpc-status", "0");
      client.finish(1999, HELLO);
      assertThat(client.endOf(1999).headers()).containsEntry("grpc-status", "0");
    }
  }

  @Test
  void leavesTheOtherCallsAloneWhenOneIsReset() throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.open(1, SAY_PATH);
      client.open(3, SAY_PATH);
      client.open(5, SAY_PATH);

      client.reset(3, CANCEL);

      client.finish(1, HELLO);
      assertThat(client.endOf(1).headers()).containsEntry("grpc-status", "0");
      client.finish(5, HELLO);
      assertThat(client.endOf(5).headers()).containsEntry("grpc-status", "0");
      client.open(7, SAY_PATH);
      client.finish(7, HELLO);
      assertThat(client.endOf(7).headers()).containsEntry("grpc-status", "0");
    }
  }

  @Test
  void leavesTheOtherCallsAloneWhenManyAreReset() throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.open(1, SAY_PATH);
      for (int call = 1; call <= 500; call++) {
        client.open(2 * call + 1, SAY_PATH);
        client.reset(2 * call + 1, CANCEL);
      }

      client.finish(1, HELLO);

      assertThat(client.endOf(1).headers()).containsEntry("grpc-status", "0");
    }
  }

  @Test
  void saysGoodbyeToAnIdleConnection() throws Exception {
    try (EchoServer server = EchoServer.with("server.idle", "1s");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      Frame goodbye = client.next(FrameType.GOAWAY);

      assertThat(goodbye.goAwayText()).isEqualTo("max_idle");
      assertThat(goodbye.secondInt()).isEqualTo(NO_ERROR);
      // Calls that are on their way would still be served; the second one names the last of them.
      assertThat(goodbye.firstInt()).isEqualTo(Integer.MAX_VALUE);
      assertThat(client.next(FrameType.GOAWAY).firstInt()).isZero();
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void finishesCallsInFlightWhenAConnectionIsOfAge() throws Exception {
    try (EchoServer server = EchoServer.with("server.age", "1s", "server.age-grace", "30s");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.open(1, SAY_PATH);

      Frame goodbye = client.next(FrameType.GOAWAY);

      assertThat(goodbye.goAwayText()).isEqualTo("max_age");
      assertThat(goodbye.secondInt()).isEqualTo(NO_ERROR);
      assertThat(client.next(FrameType.GOAWAY).firstInt()).isEqualTo(1);
      client.finish(1, HELLO);
      assertThat(client.endOf(1).headers()).containsEntry("grpc-status", "0");
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void cutsCallsOffThatOutlastTheGrace() throws Exception {
    try (EchoServer server = EchoServer.with("server.age", "1s", "server.age-grace", "1s");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.open(1, SAY_PATH);

      client.next(FrameType.GOAWAY);

      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void permitsPingsWithoutCalls() throws Exception {
    try (EchoServer server = EchoServer.with("server.permit-keep-alive", "0s");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.pings(10);

      Frame last = client.next(frame -> frame.is(FrameType.PING) && frame.ping() == 10);

      assertThat(last.acknowledges()).isTrue();
    }
  }

  @Test
  void turnsAwayAClientThatPingsTooOften() throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.pings(4);

      Frame goodbye = client.next(FrameType.GOAWAY);

      assertThat(goodbye.secondInt()).isEqualTo(ENHANCE_YOUR_CALM);
      assertThat(goodbye.goAwayText()).isEqualTo("too_many_pings");
    }
  }

  /**
   * Its parser throws; a fuzzer of ours does not get that far, because grpc-java reads it first.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "S", "5", "5x", "-1S", "999999999S", "5S5S", "\u00e9S"})
  void aTimeoutThatIsNoneEndsItsCallAtMost(String timeout) throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer peer = Http2Peer.connectedTo(server.port())) {
      peer.open(1, SAY_PATH);
      peer.open(3, SAY_PATH, Map.of("grpc-timeout", timeout));

      peer.finish(1, HELLO);

      assertThat(peer.endOf(1).headers()).containsEntry("grpc-status", "0");
      peer.open(5, SAY_PATH);
      peer.finish(5, HELLO);
      assertThat(peer.endOf(5).headers()).containsEntry("grpc-status", "0");
    }
  }

  @Test
  void refusesAMessageThatIsTooLargeAndKeepsTheConnection() throws Exception {
    try (EchoServer server = EchoServer.with("server.message-size", "1K");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.open(1, SAY_PATH);
      client.finish(1, new byte[1025]);

      // 8 is RESOURCE_EXHAUSTED.
      assertThat(client.endOf(1).headers())
          .containsEntry("grpc-status", "8")
          .hasEntrySatisfying("grpc-message", text -> assertThat(text).contains("1024"));
      client.open(3, SAY_PATH);
      client.finish(3, new byte[1024]);
      assertThat(client.endOf(3).headers()).containsEntry("grpc-status", "0");
    }
  }

  @Test
  void refusesHeadersThatAreTooLargeAndKeepsTheConnection() throws Exception {
    try (EchoServer server = EchoServer.with("server.header-size", "8K");
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.open(1, SAY_PATH, Map.of("x", "x".repeat(9 * 1024)));

      Frame refusal = client.next(frame -> frame.stream() == 1);

      assertThat(refusal.headers()).containsEntry(":status", "431");
      client.open(3, SAY_PATH);
      client.finish(3, HELLO);
      assertThat(client.endOf(3).headers()).containsEntry("grpc-status", "0");
    }
  }

  @Test
  void keepsTheConnectionOfTheLargestHeadersThatAProxyPasses() throws Exception {
    try (EchoServer server = EchoServer.with();
        Http2Peer client = Http2Peer.connectedTo(server.port())) {
      client.open(1, SAY_PATH, Map.of("x", "x".repeat(59 * 1024)));
      client.finish(1, HELLO);

      assertThat(client.endOf(1).headers()).containsEntry("grpc-status", "0");
    }
  }
}
