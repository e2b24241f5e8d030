package dev.tandem.caller.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.caller.LoopbackService;
import dev.tandem.caller.calls.Ticker;
import dev.tandem.caller.probe.Finding.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProberTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Prober prober = new Prober(Ticker.SYSTEM);

  @Test
  void findsAServerThatTakesPlaintext() {
    try (LoopbackService service = LoopbackService.with()) {
      assertThat(knock(service.target().port(), new Probe.Kind.Tcp()).outcome())
          .isEqualTo(Outcome.CONNECTED);
      Finding finding = knock(service.target().port(), new Probe.Kind.Plaintext());
      assertThat(finding.outcome()).isEqualTo(Outcome.ANSWERED);
      assertThat(finding.detail())
          .isEqualTo(
              "127.0.0.1 (127.0.0.1:%d): connected, plaintext HTTP/2 accepted"
                  .formatted(service.target().port()));
    }
  }

  @Test
  void findsAPortThatNobodyListensOn() throws IOException {
    int port;
    try (ServerSocket socket = listen()) {
      port = socket.getLocalPort();
    }

    assertThat(knock(port, new Probe.Kind.Tcp()).outcome()).isEqualTo(Outcome.CONNECT_REFUSED);
  }

  @Test
  void findsANameWithoutAddress() {
    Finding finding =
        prober.knock(new Probe("nobody.invalid", 9000, new Probe.Kind.Tcp(), TIMEOUT));

    assertThat(finding.outcome()).isEqualTo(Outcome.UNRESOLVED);
    assertThat(finding.detail()).contains("nobody.invalid");
  }

  @Test
  void findsAPeerThatClosesWithoutAWord() throws IOException {
    try (ServerSocket socket = listen()) {
      Thread.ofVirtual().start(() -> acceptAndClose(socket));

      Finding finding = knock(socket.getLocalPort(), new Probe.Kind.Plaintext());

      assertThat(finding.outcome()).isEqualTo(Outcome.CLOSED);
    }
  }

  @Test
  void findsAPeerThatStaysSilent() throws IOException {
    try (ServerSocket socket = listen()) {
      Finding finding =
          prober.knock(
              new Probe(
                  "127.0.0.1",
                  socket.getLocalPort(),
                  new Probe.Kind.Plaintext(),
                  Duration.ofMillis(50)));

      assertThat(finding.outcome()).isEqualTo(Outcome.SILENT);
    }
  }

  @Test
  void findsAServerThatInsistsOnACertificate(@TempDir Path folder) throws Exception {
    CompletableFuture<String> serverName = new CompletableFuture<>();
    try (SSLServerSocket socket = listenWithTls(folder)) {
      socket.setNeedClientAuth(true);
      Thread.ofVirtual().start(() -> handshake(socket, serverName));

      Finding finding =
          knock(
              socket.getLocalPort(),
              new Probe.Kind.Tls("outbound_.9000_._.user.tandem.svc.cluster.local"));

      assertThat(finding.outcome()).as(finding.detail()).isEqualTo(Outcome.TLS_REFUSED);
    }
  }

  @Test
  void asksForAName(@TempDir Path folder) throws Exception {
    CompletableFuture<String> serverName = new CompletableFuture<>();
    try (SSLServerSocket socket = listenWithTls(folder)) {
      Thread.ofVirtual().start(() -> handshake(socket, serverName));

      knock(socket.getLocalPort(), new Probe.Kind.Tls("user.tandem.example"));

      assertThat(serverName.get()).contains("user.tandem.example");
    }
  }

  @Test
  void refusesAProbeWithoutAPort() {
    assertThatThrownBy(() -> new Probe("user", 0, new Probe.Kind.Tcp(), TIMEOUT))
        .hasMessageContaining("a port from 1 to 65535");
  }

  private Finding knock(int port, Probe.Kind kind) {
    return prober.knock(new Probe("127.0.0.1", port, kind, TIMEOUT));
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static void acceptAndClose(ServerSocket socket) {
    try (Socket connection = socket.accept()) {
      // Not before the probe has spoken: a reset that comes at once can end its connect() instead.
      connection.getInputStream().read();
      connection.setSoLinger(true, 0);
    } catch (IOException expectedWhenTheTestEnds) {
      // The probe's finding is what the test looks at.
    }
  }

  private static void handshake(SSLServerSocket socket, CompletableFuture<String> serverName) {
    try (SSLSocket connection = (SSLSocket) socket.accept()) {
      connection.startHandshake();
      serverName.complete(
          ((ExtendedSSLSession) connection.getSession())
              .getRequestedServerNames().stream().map(SNIServerName::toString).toList().toString());
    } catch (IOException expectedWithoutACertificate) {
      serverName.completeExceptionally(expectedWithoutACertificate);
    }
  }

  private static SSLServerSocket listenWithTls(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("server.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(store)) {
      keys.load(stream, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context
            .getServerSocketFactory()
            .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }
}
