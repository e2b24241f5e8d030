package dev.tandem.transport;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates, as a company's own authority does. */
final class Authority {

  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final String name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  Authority(String name) throws Exception {
    this.name = name;
    this.keys = newKeys();
    this.certificate = sign(name, keys, Instant.now().plus(Duration.ofDays(1)), true);
  }

  /** The three files of one process, in a folder of its own. */
  record Issued(Path folder) {

    Path certificate() {
      return folder.resolve("tls.crt");
    }

    Path key() {
      return folder.resolve("tls.key");
    }

    Path trust() {
      return folder.resolve("ca.crt");
    }

    /** The settings that lead to them, with others. */
    TransportSettings settings(String... others) {
      String[] tls = {
        "tls.certificate", certificate().toString(),
        "tls.key", key().toString(),
        "tls.trust", trust().toString(),
        "tls.refresh", "50ms",
      };
      String[] all = Arrays.copyOf(tls, tls.length + others.length);
      System.arraycopy(others, 0, all, tls.length, others.length);
      return Settings.of(all);
    }

    /** Takes over the files of another issue, one after the other, as a volume's update does. */
    void replaceWith(Issued other) throws IOException {
      move(other.trust(), trust());
      move(other.key(), key());
      move(other.certificate(), certificate());
    }

    private static void move(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  Issued issue(Path folder, String subject) throws Exception {
    return issue(folder, subject, Instant.now().plus(Duration.ofHours(1)));
  }

  /** A certificate for localhost and a key, trusting this authority. */
  Issued issue(Path folder, String subject, Instant end) throws Exception {
    Issued issued = new Issued(Files.createDirectories(folder));
    KeyPair subjectKeys = newKeys();
    X509Certificate signed = sign(subject, subjectKeys, end, false);
    Files.writeString(issued.certificate(), pem(signed));
    Files.writeString(issued.key(), pem(subjectKeys.getPrivate()));
    Files.writeString(issued.trust(), pem(certificate));
    return issued;
  }

  private X509Certificate sign(String subject, KeyPair subjectKeys, Instant end, boolean authority)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=" + name),
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            Date.from(Instant.now().minus(Duration.ofDays(2))),
            Date.from(end),
            new X500Principal("CN=" + subject),
            subjectKeys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (!authority) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              }));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static String pem(Object content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          content instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : content);
    }
    return text.toString();
  }
}
