package dev.tandem.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jboss.logging.Logger;

/**
 * Says whose certificate is refused and why. The JDK's own errors name a date or a path without a
 * subject, and the peer learns no more than an alert.
 */
final class PeerTrust extends X509ExtendedTrustManager {

  private static final Logger LOG = Logger.getLogger(PeerTrust.class);

  private final X509ExtendedTrustManager roots;
  private final InstantSource clock;

  PeerTrust(X509ExtendedTrustManager roots, InstantSource clock) {
    this.roots = roots;
    this.clock = clock;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    naming("client", chain, () -> roots.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    naming("client", chain, () -> roots.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    naming("client", chain, () -> roots.checkClientTrusted(chain, authType));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    naming("server", chain, () -> roots.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    naming("server", chain, () -> roots.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    naming("server", chain, () -> roots.checkServerTrusted(chain, authType));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return roots.getAcceptedIssuers();
  }

  private void naming(String role, X509Certificate[] chain, Verification verification)
      throws CertificateException {
    try {
      verification.run();
    } catch (CertificateException e) {
      CertificateException named =
          new CertificateException(
              "the %s's certificate %s".formatted(role, complaint(chain, e)), e);
      LOG.warnf("Refused: %s", named.getMessage());
      throw named;
    }
  }

  private String complaint(X509Certificate[] chain, CertificateException error) {
    Instant now = clock.instant();
    for (X509Certificate certificate : chain) {
      String name = "\"%s\"".formatted(certificate.getSubjectX500Principal());
      Instant begin = certificate.getNotBefore().toInstant();
      Instant end = certificate.getNotAfter().toInstant();
      if (now.isAfter(end)) {
        return "%s expired on %s".formatted(name, end);
      }
      if (now.isBefore(begin)) {
        return "%s is not valid before %s".formatted(name, begin);
      }
    }
    return "\"%s\", issued by \"%s\", is not trusted: %s"
        .formatted(
            chain[0].getSubjectX500Principal(),
            chain[0].getIssuerX500Principal(),
            error.getMessage());
  }

  @FunctionalInterface
  private interface Verification {
    void run() throws CertificateException;
  }
}
