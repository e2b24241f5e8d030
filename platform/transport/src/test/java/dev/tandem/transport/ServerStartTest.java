package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ServerStartTest {

  private static final String LOCALHOST = "127.0.0.1";

  @Test
  void saysThatThePortIsTakenAndWhatToDo() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatExceptionOfType(WrongSettingException.class)
          .isThrownBy(() -> ServerStart.requireFreePort(LOCALHOST, other.getLocalPort()))
          .withMessageStartingWith(
              "quarkus.grpc.server.port=%d: cannot be listened on at 127.0.0.1"
                  .formatted(other.getLocalPort()))
          .withMessageEndingWith("end what listens there, or choose another port");
    }
  }

  @Test
  void blamesNoPortThatIsFree() {
    assertThatCode(() -> ServerStart.requireFreePort(LOCALHOST, 0)).doesNotThrowAnyException();
  }
}
