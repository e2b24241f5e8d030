package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.transport.Http2Peer.FrameType;
import io.grpc.Channel;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Quarkus' separate server and the channels of an application, without a line of its code. */
@QuarkusTest
@WithTestResource(EchoElsewhere.class)
class TransportInQuarkusTest {

  private static final byte[] HELLO = {1, 2, 3};
  private static final int CANCEL = 8;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject EchoClient client;

  @Inject
  @ChannelTo("echo")
  Channel sameName;

  @Test
  void theServerGrantsWhatTheDesignSays() throws Exception {
    try (Http2Peer peer = Http2Peer.connectedTo(port)) {
      Map<Integer, Long> settings =
          peer.next(frame -> frame.is(FrameType.SETTINGS) && !frame.acknowledges()).settings();

      assertThat(settings)
          .containsEntry(3, 1000L)
          .containsEntry(4, 1_048_576L)
          .containsEntry(6, 65_536L);
      assertThat(65_535 + peer.next(FrameType.WINDOW_UPDATE).firstInt()).isEqualTo(1_048_576);
    }
  }

  /** Quarkus' other server would tear the connection down: quarkus#56268. */
  @Test
  void aResetStreamLeavesTheOtherCallsAlone() throws Exception {
    try (Http2Peer peer = Http2Peer.connectedTo(port)) {
      peer.open(1, EchoServer.SAY_PATH);
      peer.open(3, EchoServer.SAY_PATH);

      peer.reset(1, CANCEL);
      peer.finish(3, HELLO);

      assertThat(peer.endOf(3).headers()).containsEntry("grpc-status", "0");
      peer.open(5, EchoServer.SAY_PATH);
      peer.finish(5, HELLO);
      assertThat(peer.endOf(5).headers()).containsEntry("grpc-status", "0");
    }
  }

  @Test
  void aBeanCallsOverTheChannelThatItNames() {
    assertThat(client.say(HELLO)).isEqualTo(HELLO);
  }

  @Test
  void oneNameIsOneChannel() {
    assertThat(client.channel()).isSameAs(sameName);
  }

  @Test
  void callsPassTheInterceptorOfHighestPriorityFirst() {
    RecordingInterceptor.PASSED.clear();

    client.say(HELLO);

    assertThat(RecordingInterceptor.PASSED).containsExactly("outer", "inner");
  }
}
