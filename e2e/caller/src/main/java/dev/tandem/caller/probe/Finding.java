package dev.tandem.caller.probe;

import java.time.Duration;

/**
 * What a probe found.
 *
 * @param outcome how far it got
 * @param detail the same as a sentence
 * @param elapsed how long it took
 */
public record Finding(Outcome outcome, String detail, Duration elapsed) {
  /** How far a probe got. */
  public enum Outcome {
    /** The name has no address. */
    UNRESOLVED,
    /** No connection within the timeout. */
    CONNECT_TIMED_OUT,
    /** The connection was refused, or there is no way to the address. */
    CONNECT_REFUSED,
    /** Connected: the end of a TCP probe. */
    CONNECTED,
    /** Connected; the peer then closed the connection without an HTTP/2 reply. */
    CLOSED,
    /** Connected; the peer refused the TLS handshake or the missing certificate. */
    TLS_REFUSED,
    /** Connected; the peer said nothing within the timeout. */
    SILENT,
    /** Connected; the peer answered in HTTP/2. */
    ANSWERED
  }
}
