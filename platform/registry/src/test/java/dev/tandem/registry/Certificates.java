package dev.tandem.registry;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority, and the files of those whom it certifies, all in one folder. */
final class Certificates {

  private final Path folder;
  private final KeyPair authority = newKeys();
  private int serial = 1;

  Certificates(Path folder) throws Exception {
    this.folder = folder;
    write("ca.crt", sign("ca", authority, Instant.now().plus(Duration.ofDays(1))));
  }

  /** Certifies somebody at this machine, until a time; again, if need be, in the same files. */
  void issue(String name, Instant end) throws Exception {
    KeyPair keys = newKeys();
    write(name + ".key", new JcaPKCS8Generator(keys.getPrivate(), null));
    write(name + ".crt", sign(name, keys, end));
  }

  /** As above, for an hour. */
  void issue(String name) throws Exception {
    issue(name, Instant.now().plus(Duration.ofHours(1)));
  }

  /** Puts a file of another authority's in the place of this one's, in one step. */
  void takeOver(Certificates other, String file) throws IOException {
    Path copy = folder.resolve(file + ".new");
    Files.copy(other.folder.resolve(file), copy);
    Files.move(copy, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  String certificate(String name) {
    return folder.resolve(name + ".crt").toString();
  }

  String key(String name) {
    return folder.resolve(name + ".key").toString();
  }

  /** The settings of a client that is somebody. */
  Map<String, String> settings(String name, Map<String, String> others) {
    return TestSettings.with(
        others,
        "security",
        "mutual-tls",
        "tls.certificate",
        certificate(name),
        "tls.key",
        key(name),
        "tls.trust",
        certificate("ca"),
        "tls.refresh",
        "100ms");
  }

  private static KeyPair newKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private X509Certificate sign(String name, KeyPair keys, Instant end) throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=ca"),
            BigInteger.valueOf(serial++),
            Date.from(end.minus(Duration.ofDays(2))),
            Date.from(end),
            new X500Principal("CN=" + name),
            keys.getPublic());
    builder.addExtension(
        Extension.basicConstraints, true, new BasicConstraints(keys.equals(authority)));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
  }

  private void write(String file, Object content) throws IOException {
    try (Writer text = Files.newBufferedWriter(folder.resolve(file));
        JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(content);
    }
  }
}
