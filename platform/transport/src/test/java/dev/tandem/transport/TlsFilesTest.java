package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.transport.Authority.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wrong file ends the start, with its setting, its path and what to do. */
class TlsFilesTest {

  private Path folder;
  private Authority authority;
  private Issued files;

  @BeforeEach
  void issue(@TempDir Path temporary) throws Exception {
    folder = temporary;
    authority = new Authority("our authority");
    files = authority.issue(folder.resolve("tls"), "user");
  }

  @Test
  void refuseAMissingFile() throws Exception {
    Files.delete(files.key());

    assertRefused("key", files.key(), "there is no such file; mount it there");
  }

  @Test
  void refuseAFileThatCannotBeRead() throws Exception {
    Files.delete(files.trust());
    Files.createDirectory(files.trust());

    assertRefused("trust", files.trust(), "cannot be read");
  }

  @Test
  void refuseAFileWithoutACertificate() throws Exception {
    Files.writeString(files.certificate(), "");

    assertRefused("certificate", files.certificate(), "holds no certificates; write them in PEM");
  }

  @Test
  void refuseADamagedCertificate() throws Exception {
    Files.writeString(
        files.trust(), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");

    assertRefused("trust", files.trust(), "holds no certificates; write them in PEM");
  }

  @Test
  void refuseAKeyThatIsNotOne() throws Exception {
    Files.copy(files.certificate(), files.key(), StandardCopyOption.REPLACE_EXISTING);

    assertRefused("key", files.key(), "write one in PEM as PKCS #8");
  }

  @Test
  void refuseTheKeyOfAnotherCertificate() throws Exception {
    Issued other = authority.issue(folder.resolve("other"), "payment");
    Files.copy(other.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);

    assertRefused("key", files.key(), "is not the key of " + files.certificate());
  }

  @Test
  void refuseAnExpiredCertificate() throws Exception {
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    files = authority.issue(folder.resolve("old"), "user", yesterday);

    assertRefused("certificate", files.certificate(), "expired on ");
  }

  @Test
  void refuseAKeyWithoutItsSiblings() {
    TransportSettings settings = Settings.of("tls.key", files.key().toString());

    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> TlsIdentity.of(settings.tls()))
        .withMessage(
            "tandem.transport.tls.certificate=: is not set while its siblings are; set all three of"
                + " them");
  }

  private void assertRefused(String key, Path value, String reasonAndFix) {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> TlsIdentity.of(files.settings().tls()))
        .withMessageStartingWith("tandem.transport.tls.%s=%s: ".formatted(key, value))
        .withMessageContaining(reasonAndFix);
  }
}
