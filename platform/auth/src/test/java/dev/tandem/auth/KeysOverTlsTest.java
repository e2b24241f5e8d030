package dev.tandem.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer's keys over TLS, whose authority is a company's own. */
class KeysOverTlsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MAX_BYTES = 1 << 16;
  private static final TestIssuer ISSUER = new TestIssuer("issuer");
  private static final String HERE = "localhost";

  private final ServerCertificates company = new ServerCertificates("company");
  private final ServerCertificates stranger = new ServerCertificates("stranger");

  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  @TempDir
  Path folder;

  @Test
  void readsThemFromAServerThatTheTrustedAuthorityKnows() throws Exception {
    try (KeyServer issuer = issuer(company, HERE)) {
      KeySource source = source(issuer, company.writtenTo(folder.resolve("ca.pem")));

      assertThat(source.read()).isEqualTo(ISSUER.jwks());
    }
  }

  @Test
  void refusesAServerOfAnotherAuthority() throws Exception {
    try (KeyServer issuer = issuer(stranger, HERE)) {
      KeySource source = source(issuer, company.writtenTo(folder.resolve("ca.pem")));

      assertRefused(issuer, source);
    }
  }

  @Test
  void refusesAServerThatIsCertifiedForAnotherName() throws Exception {
    try (KeyServer issuer = issuer(company, "elsewhere.test")) {
      KeySource source = source(issuer, company.writtenTo(folder.resolve("ca.pem")));

      assertRefused(issuer, source);
    }
  }

  @Test
  void trustsTheJvmsAuthoritiesAndNotThisOneUnlessItIsToldTo() throws Exception {
    try (KeyServer issuer = issuer(company, HERE)) {
      assertRefused(issuer, KeySource.at(issuer.url(), TIMEOUT, MAX_BYTES, Optional.empty()));
    }
  }

  @Test
  void followsTheFileOfAuthorities() throws Exception {
    Path trust = company.writtenTo(folder.resolve("ca.pem"));
    try (KeyServer issuer = issuer(stranger, HERE)) {
      KeySource source = source(issuer, trust);
      assertRefused(issuer, source);

      stranger.writtenTo(trust);

      assertThat(source.read()).isEqualTo(ISSUER.jwks());
    }
  }

  @Test
  void doesNotStartWithoutTheAuthorities() throws Exception {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path none = Files.writeString(folder.resolve("none.pem"), "no certificate");

    for (Path trust : new Path[] {missing, empty, none}) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> KeySource.at("https://localhost/jwks", TIMEOUT, MAX_BYTES, Optional.of(trust)))
          .withMessageStartingWith("tandem.auth.jwks.trust is '" + trust + "': ")
          .withMessageEndingWith("; name a file in PEM");
    }
  }

  @Test
  void takesNoAuthoritiesForWhatIsNotEncrypted() {
    Path trust = folder.resolve("ca.pem");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeySource.at("/etc/jwks.json", TIMEOUT, MAX_BYTES, Optional.of(trust)))
        .withMessage(
            "tandem.auth.jwks.trust is '%s': it is for an https URL, and tandem.auth.jwks.location is '/etc/jwks.json'; unset one of the two"
                .formatted(trust));
  }

  private static void assertRefused(KeyServer issuer, KeySource source) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(source::read)
        .withMessageContaining(issuer.url())
        .withStackTraceContaining("SSLHandshakeException");
    assertThat(issuer.reads).hasValue(0);
  }

  private static KeyServer issuer(ServerCertificates authority, String host) {
    return new KeyServer(KeyServer.giving(ISSUER.jwks()), authority.serverOf(host));
  }

  private static KeySource source(KeyServer issuer, Path trust) {
    return KeySource.at(issuer.url(), TIMEOUT, MAX_BYTES, Optional.of(trust));
  }
}
