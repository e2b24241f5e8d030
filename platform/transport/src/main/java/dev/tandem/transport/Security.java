package dev.tandem.transport;

/** Who encrypts a connection. */
public enum Security {
  /** Nobody here: a sidecar does, or nothing leaves the machine. */
  PLAINTEXT,
  /** This process, and both sides show a certificate. */
  MUTUAL_TLS
}
