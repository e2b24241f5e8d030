package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionSharingTest {

  @Test
  void oneHundredCallsAtOnceShareOneConnection() throws Exception {
    try (EchoServer server = EchoServer.with(Settings.of(), TlsIdentity.none(), 100)) {
      ManagedChannel channel =
          new ChannelFactory(
                  Settings.of("channels.echo.target", "127.0.0.1:" + server.port()),
                  TlsIdentity.none(),
                  List.of())
              .open("echo");
      try {
        List<ListenableFuture<byte[]>> calls = new ArrayList<>();
        for (int call = 0; call < 100; call++) {
          calls.add(
              ClientCalls.futureUnaryCall(
                  channel.newCall(EchoServer.MEET, CallOptions.DEFAULT), new byte[] {(byte) call}));
        }

        // Nobody is answered before the hundredth has arrived.
        for (int call = 0; call < 100; call++) {
          assertThat(calls.get(call).get(60, TimeUnit.SECONDS)).containsExactly(call);
        }
        assertThat(server.connections()).isEqualTo(1);
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
