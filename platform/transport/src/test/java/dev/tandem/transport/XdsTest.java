package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class XdsTest {

  private static final byte[] HELLO = {1, 2, 3};
  private static final String BOOTSTRAP = "io.grpc.xds.bootstrapConfig";

  @AfterEach
  void forgetTheControlPlane() {
    System.clearProperty(BOOTSTRAP);
  }

  @Test
  void aChannelAsksTheControlPlaneWhereToCall() throws Exception {
    try (EchoServer server = EchoServer.with();
        ControlPlane controlPlane = new ControlPlane(server.port())) {
      System.setProperty(BOOTSTRAP, controlPlane.bootstrap());
      ManagedChannel channel = factory().open("echo");
      try {
        byte[] reply =
            ClientCalls.blockingUnaryCall(
                channel,
                EchoServer.SAY,
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                HELLO);

        assertThat(reply).isEqualTo(HELLO);
        assertThat(server.calls()).isEqualTo(1);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void isRefusedWithoutABootstrap() {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(XdsTest::factory)
        .withMessageStartingWith("tandem.transport.channels.\"echo\".xds=true: needs a bootstrap")
        .withMessageContaining("GRPC_XDS_BOOTSTRAP");
  }

  @Test
  void isRefusedWithoutTheLibrary() {
    NameResolverRegistry registry = NameResolverRegistry.getDefaultRegistry();
    NameResolverProvider provider = Objects.requireNonNull(registry.getProviderForScheme("xds"));
    registry.deregister(provider);
    try {
      assertThatExceptionOfType(WrongSettingException.class)
          .isThrownBy(XdsTest::factory)
          .withMessageStartingWith(
              "tandem.transport.channels.\"echo\".xds=true: needs io.grpc:grpc-xds among the"
                  + " dependencies; add it");
    } finally {
      registry.register(provider);
    }
  }

  private static ChannelFactory factory() {
    return new ChannelFactory(
        Settings.of("channels.echo.target", "echo:9000", "channels.echo.xds", "true"),
        TlsIdentity.none(),
        List.of());
  }
}
