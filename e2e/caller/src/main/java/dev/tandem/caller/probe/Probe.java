package dev.tandem.caller.probe;

import java.time.Duration;

/**
 * What to knock on.
 *
 * @param host a name or an address
 * @param port a TCP port
 * @param kind what to try once connected
 * @param timeout how long each step may take
 */
public record Probe(String host, int port, Kind kind, Duration timeout) {
  public Probe {
    if (host.isBlank() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "host is '%s' and port %d: a name or address and a port from 1 to 65535 are needed"
              .formatted(host, port));
    }
    if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "timeout is %s: it has to be at least a millisecond".formatted(timeout));
    }
  }

  /** What to try once connected. */
  public sealed interface Kind {
    /** Connect, nothing more. */
    record Tcp() implements Kind {}

    /** Open HTTP/2 in plaintext, as a gRPC client outside a mesh does. */
    record Plaintext() implements Kind {}

    /**
     * Open HTTP/2 over TLS without a certificate of one's own, trusting whatever the server shows.
     *
     * @param serverName the name asked for (SNI); empty for none
     */
    record Tls(String serverName) implements Kind {}
  }
}
