package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConnectionSharingTest {

  private static final byte[] HELLO = {1, 2, 3};

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

  @Test
  void headersThatAreTooLargeCostOneCallAndNotTheConnection() throws Exception {
    try (EchoServer server = EchoServer.with("server.header-size", "8K")) {
      ManagedChannel channel =
          new ChannelFactory(
                  Settings.of("channels.echo.target", "127.0.0.1:" + server.port()),
                  TlsIdentity.none(),
                  List.of())
              .open("echo");
      try {
        // The server's limit is known once it has answered.
        assertThat(say(channel)).isEqualTo(HELLO);
        Metadata large = new Metadata();
        large.put(Metadata.Key.of("x", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(100 * 1024));

        Channel burdened =
            ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(large));
        assertThatExceptionOfType(StatusRuntimeException.class)
            .isThrownBy(() -> say(burdened))
            .withMessageStartingWith("INTERNAL: http2 exception");

        assertThat(say(channel)).isEqualTo(HELLO);
        assertThat(server.connections()).isEqualTo(1);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static byte[] say(Channel channel) {
    return ClientCalls.blockingUnaryCall(
        channel,
        EchoServer.SAY,
        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
        HELLO);
  }
}
