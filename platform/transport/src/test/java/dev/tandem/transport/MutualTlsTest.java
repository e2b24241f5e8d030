package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tandem.transport.Authority.Issued;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualTlsTest {

  private static final byte[] HELLO = {1, 2, 3};

  private Path folder;
  private Authority ours;
  private Authority foreign;
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @BeforeEach
  void found(@TempDir Path temporary) throws Exception {
    folder = temporary;
    ours = new Authority("our authority");
    foreign = new Authority("a foreign authority");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose.reversed()) {
      closeable.close();
    }
  }

  @Test
  void bothSidesShowCertificatesOfTheSameAuthority() throws Exception {
    EchoServer server = serve(ours.issue(folder.resolve("server"), "server"), 1);
    ManagedChannel channel = connect(server, ours.issue(folder.resolve("client"), "client"));

    assertThat(say(channel)).isEqualTo(HELLO);
  }

  @Test
  void refusesAClientWithoutACertificate() throws Exception {
    Issued issued = ours.issue(folder.resolve("server"), "server");
    EchoServer server = serve(issued, 1);
    ManagedChannel stranger =
        NettyChannelBuilder.forTarget(
                "localhost:" + server.port(),
                TlsChannelCredentials.newBuilder().trustManager(issued.trust().toFile()).build())
            .build();
    toClose.add(stranger::shutdownNow);

    assertThat(refusalOf(stranger).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(server.calls()).isZero();
  }

  @Test
  void refusesAClientWithAForeignCertificate() throws Exception {
    Issued issued = ours.issue(folder.resolve("server"), "server");
    EchoServer server = serve(issued, 1);
    Issued client = foreign.issue(folder.resolve("client"), "client");
    Files.copy(issued.trust(), client.trust(), StandardCopyOption.REPLACE_EXISTING);

    assertThat(refusalOf(connect(server, client)).getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(server.calls()).isZero();
  }

  @Test
  void refusesAPlaintextClient() throws Exception {
    EchoServer server = serve(ours.issue(folder.resolve("server"), "server"), 1);
    ManagedChannel plaintext =
        new ChannelFactory(
                Settings.of("channels.echo.target", "localhost:" + server.port()),
                TlsIdentity.none(),
                List.of())
            .open("echo");
    toClose.add(plaintext::shutdownNow);

    assertThat(refusalOf(plaintext).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void refusesAForeignServerAndNamesIt() throws Exception {
    EchoServer server = serve(foreign.issue(folder.resolve("server"), "imposter"), 1);
    ManagedChannel channel = connect(server, ours.issue(folder.resolve("client"), "client"));

    assertThat(refusalOf(channel))
        .hasStackTraceContaining(
            "the server's certificate \"CN=imposter\", issued by \"CN=a foreign authority\", is"
                + " not trusted");
  }

  @Test
  void refusesAServerOfAnotherName() throws Exception {
    EchoServer server = serve(ours.issue(folder.resolve("server"), "server"), 1);
    Issued client = ours.issue(folder.resolve("client"), "client");
    ManagedChannel channel =
        open(
            client.settings(
                "channels.echo.target", "localhost:" + server.port(),
                "channels.echo.security", "mutual-tls",
                "channels.echo.authority", "elsewhere.example"));

    assertThat(refusalOf(channel)).hasStackTraceContaining("elsewhere.example");
  }

  @Test
  void namesAServerWhoseCertificateExpiredWhileItRan() throws Exception {
    Instant end = Instant.now().plus(Duration.ofSeconds(3)).truncatedTo(ChronoUnit.SECONDS);
    EchoServer server = serve(ours.issue(folder.resolve("server"), "aged", end), 1);
    Issued client = ours.issue(folder.resolve("client"), "client");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(refusalOf(connect(server, client)))
                    .hasStackTraceContaining(
                        "the server's certificate \"CN=aged\" expired on " + end));
  }

  @Test
  void changesCertificatesUnderRunningCalls() throws Exception {
    Issued serverFiles = ours.issue(folder.resolve("server"), "server");
    Issued clientFiles = ours.issue(folder.resolve("client"), "client");
    EchoServer server = serve(serverFiles, 2);
    ManagedChannel before = connect(server, clientFiles);
    ListenableFuture<byte[]> inFlight = meet(before);
    await().until(() -> server.connections() == 1);

    // Another authority altogether: who still had the old files could not connect any more.
    serverFiles.replaceWith(foreign.issue(folder.resolve("new server"), "new server"));
    clientFiles.replaceWith(foreign.issue(folder.resolve("new client"), "new client"));

    ManagedChannel after = connect(server, foreign.issue(folder.resolve("newcomer"), "newcomer"));
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> say(after).length == HELLO.length);
    assertThat(inFlight).isNotDone();
    assertThat(say(before)).isEqualTo(HELLO);
    assertThat(server.connections()).isEqualTo(2);
    ListenableFuture<byte[]> last = meet(after);
    assertThat(inFlight.get(30, TimeUnit.SECONDS)).isEqualTo(HELLO);
    assertThat(last.get(30, TimeUnit.SECONDS)).isEqualTo(HELLO);
  }

  @Test
  void keepsTheCertificatesBeforeWhenNewOnesCannotBeUsed() throws Exception {
    Issued serverFiles = ours.issue(folder.resolve("server"), "server");
    EchoServer server = serve(serverFiles, 1);

    Files.writeString(serverFiles.certificate(), "oops");

    Issued client = ours.issue(folder.resolve("client"), "client");
    await()
        .during(Duration.ofMillis(500))
        .until(() -> say(connect(server, client)).length == HELLO.length);
  }

  private EchoServer serve(Issued files, int meeting) throws Exception {
    TransportSettings settings = files.settings("server.security", "mutual-tls");
    TlsIdentity tls = TlsIdentity.of(settings.tls());
    toClose.add(tls);
    EchoServer server = EchoServer.with(settings, tls, meeting);
    toClose.add(server);
    return server;
  }

  private ManagedChannel connect(EchoServer server, Issued files) {
    return open(
        files.settings(
            "channels.echo.target",
            "localhost:" + server.port(),
            "channels.echo.security",
            "mutual-tls"));
  }

  private ManagedChannel open(TransportSettings settings) {
    TlsIdentity tls = TlsIdentity.of(settings.tls());
    toClose.add(tls);
    ManagedChannel channel = new ChannelFactory(settings, tls, List.of()).open("echo");
    toClose.add(channel::shutdownNow);
    return channel;
  }

  private static byte[] say(ManagedChannel channel) {
    return ClientCalls.blockingUnaryCall(
        channel,
        EchoServer.SAY,
        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
        HELLO);
  }

  private static ListenableFuture<byte[]> meet(ManagedChannel channel) {
    return ClientCalls.futureUnaryCall(
        channel.newCall(
            EchoServer.MEET, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS)),
        HELLO);
  }

  private static StatusRuntimeException refusalOf(ManagedChannel channel) {
    StatusRuntimeException[] refusal = new StatusRuntimeException[1];
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> say(channel))
        .satisfies(error -> refusal[0] = error);
    return refusal[0];
  }
}
