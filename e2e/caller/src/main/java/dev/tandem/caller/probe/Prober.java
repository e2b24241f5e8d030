package dev.tandem.caller.probe;

import dev.tandem.caller.calls.Ticker;
import dev.tandem.caller.probe.Finding.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.SSLException;

/** Knocks on addresses. */
public final class Prober {
  /**
   * What an HTTP/2 client says first (RFC 9113, section 3.4): the preface and an empty SETTINGS
   * frame.
   */
  private static final byte[] CLIENT_PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  private static final int FRAME_HEADER_BYTES = 9;
  private static final int FRAME_TYPE_AT = 3;
  private static final int SETTINGS = 4;

  private final Ticker ticker;

  /** A prober that measures with a ticker. */
  public Prober(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Knocks once. Blocks for at most the timeout for each step. */
  public Finding knock(Probe probe) {
    long start = ticker.nanos();
    Step step = attempt(probe);
    return new Finding(step.outcome, step.detail, ticker.since(start));
  }

  private record Step(Outcome outcome, String detail) {}

  private static Step attempt(Probe probe) {
    InetSocketAddress address;
    try {
      address = new InetSocketAddress(InetAddress.getByName(probe.host()), probe.port());
    } catch (UnknownHostException e) {
      return new Step(Outcome.UNRESOLVED, "the name '" + probe.host() + "' has no address");
    }
    String peer =
        probe.host() + " (" + address.getAddress().getHostAddress() + ":" + probe.port() + ")";
    try (Socket socket = new Socket()) {
      int timeout = Math.toIntExact(probe.timeout().toMillis());
      try {
        socket.connect(address, timeout);
      } catch (SocketTimeoutException e) {
        return new Step(
            Outcome.CONNECT_TIMED_OUT, "%s: no connection within %d ms".formatted(peer, timeout));
      } catch (IOException e) {
        return new Step(Outcome.CONNECT_REFUSED, "%s: %s".formatted(peer, e.getMessage()));
      }
      socket.setSoTimeout(timeout);
      return switch (probe.kind()) {
        case Probe.Kind.Tcp() -> new Step(Outcome.CONNECTED, peer + ": connected");
        case Probe.Kind.Plaintext() -> speak(socket, peer, "plaintext HTTP/2");
        case Probe.Kind.Tls(String serverName) -> speakTls(socket, peer, serverName);
      };
    } catch (IOException e) {
      return new Step(Outcome.CLOSED, "%s: connected, then %s".formatted(peer, e));
    }
  }

  private static Step speakTls(Socket socket, String peer, String serverName) {
    try (Socket tls = TrustingTls.over(socket, serverName)) {
      return speak(tls, peer, "HTTP/2 over TLS without a client certificate");
    } catch (SSLException e) {
      return new Step(
          Outcome.TLS_REFUSED,
          "%s: connected, TLS without a client certificate refused: %s"
              .formatted(peer, e.getMessage()));
    } catch (IOException e) {
      return new Step(
          Outcome.CLOSED,
          "%s: connected, then closed during the TLS handshake: %s"
              .formatted(peer, e.getMessage()));
    }
  }

  private static Step speak(Socket socket, String peer, String what) throws IOException {
    byte[] reply;
    try {
      socket.getOutputStream().write(CLIENT_PREFACE);
      socket.getOutputStream().flush();
      reply = socket.getInputStream().readNBytes(FRAME_HEADER_BYTES);
    } catch (SocketTimeoutException e) {
      return new Step(
          Outcome.SILENT,
          "%s: connected, %s sent, no answer within %d ms"
              .formatted(peer, what, socket.getSoTimeout()));
    } catch (SSLException e) {
      throw e;
    } catch (IOException e) {
      return new Step(
          Outcome.CLOSED, "%s: connected, %s sent, then %s".formatted(peer, what, e.getMessage()));
    }
    if (reply.length == FRAME_HEADER_BYTES && reply[FRAME_TYPE_AT] == SETTINGS) {
      return new Step(Outcome.ANSWERED, "%s: connected, %s accepted".formatted(peer, what));
    }
    return new Step(
        Outcome.CLOSED,
        reply.length == 0
            ? "%s: connected, %s sent, connection closed without a word".formatted(peer, what)
            : "%s: connected, %s sent, answered with something else: %s"
                .formatted(
                    peer, what, HexFormat.of().formatHex(Arrays.copyOf(reply, reply.length))));
  }
}
