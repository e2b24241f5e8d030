package dev.tandem.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The three files of a TLS identity, each under the key that names it. */
record TlsFiles(Named certificate, Named key, Named trust) {

  /** A file and the setting that leads to it. */
  record Named(String key, Path path) {

    private String read() {
      try {
        return Files.readString(path, ISO_8859_1);
      } catch (NoSuchFileException e) {
        throw wrong("there is no such file; mount it there, or set the key to where it is", e);
      } catch (IOException e) {
        throw wrong("cannot be read (" + e + "); let this process read it", e);
      }
    }

    private WrongSettingException wrong(String reasonAndFix, Throwable cause) {
      return new WrongSettingException(key, path, reasonAndFix, cause);
    }

    private WrongSettingException wrong(String reasonAndFix) {
      return new WrongSettingException(key, path, reasonAndFix);
    }

    private List<X509Certificate> certificates(String pem) {
      try {
        List<X509Certificate> certificates =
            List.of(CertificateUtils.getX509Certificates(bytes(pem)));
        if (!certificates.isEmpty()) {
          return certificates;
        }
      } catch (CertificateException e) {
        throw wrong("holds no certificates; write them in PEM", e);
      }
      throw wrong("holds no certificates; write them in PEM");
    }
  }

  /** What the files held at one moment. */
  record Content(String certificate, String key, String trust) {

    /** Never the key. */
    @Override
    public String toString() {
      return "Content";
    }
  }

  /** A key, the chain that certifies it, and the authorities that peers need. */
  record Identity(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> trust) {

    /** Never the key. */
    @Override
    public String toString() {
      return "Identity of " + chain.getFirst().getSubjectX500Principal();
    }
  }

  static Named path(String key, Optional<Path> path) {
    return new Named(
        key,
        path.orElseThrow(
            () ->
                new WrongSettingException(
                    key, "", "is not set while its siblings are; set all three of them")));
  }

  Content read() {
    return new Content(certificate.read(), key.read(), trust.read());
  }

  /**
   * Takes the content for good only when its parts belong together and are valid now.
   *
   * @throws WrongSettingException naming the file that is at fault
   */
  Identity parse(Content content, Instant now) {
    List<X509Certificate> chain = certificate.certificates(content.certificate());
    X509Certificate holder = chain.getFirst();
    Instant begin = holder.getNotBefore().toInstant();
    Instant end = holder.getNotAfter().toInstant();
    if (now.isAfter(end)) {
      throw certificate.wrong(
          "expired on %s (%s); renew it".formatted(end, holder.getSubjectX500Principal()));
    }
    if (now.isBefore(begin)) {
      throw certificate.wrong(
          "is not valid before %s (%s); correct the clock, or issue it anew"
              .formatted(begin, holder.getSubjectX500Principal()));
    }
    PrivateKey privateKey = privateKey(content.key());
    if (!belongTogether(privateKey, holder)) {
      throw key.wrong(
          "is not the key of %s; put both files of one issue there".formatted(certificate.path()));
    }
    return new Identity(chain, privateKey, trust.certificates(content.trust()));
  }

  private PrivateKey privateKey(String pem) {
    try {
      return CertificateUtils.getPrivateKey(bytes(pem));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw key.wrong(
          "holds no private key that can be read; write one in PEM as PKCS #8 (BEGIN PRIVATE KEY),"
              + " RSA or EC",
          e);
    }
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    try {
      Signature signature =
          Signature.getInstance(
              key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      byte[] message = {42};
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static InputStream bytes(String pem) {
    return new ByteArrayInputStream(pem.getBytes(ISO_8859_1));
  }

  @Override
  public String toString() {
    return "%s, %s, %s".formatted(certificate.path(), key.path(), trust.path());
  }
}
