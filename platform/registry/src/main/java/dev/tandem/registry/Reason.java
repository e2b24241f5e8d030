package dev.tandem.registry;

import java.net.ConnectException;
import java.security.cert.CertificateException;

/** What people should read of an error: libraries wrap it in words such as "io exception". */
final class Reason {

  private Reason() {}

  /** That there is no connection, or what is wrong with a certificate; else the innermost. */
  static String of(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && !saysIt(cause)) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage() != null ? cause.getMessage() : cause);
  }

  private static boolean saysIt(Throwable cause) {
    return cause instanceof ConnectException || cause instanceof CertificateException;
  }
}
