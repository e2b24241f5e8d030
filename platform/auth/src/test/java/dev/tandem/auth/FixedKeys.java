package dev.tandem.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keys from a file that nobody changes. */
final class FixedKeys {

  private FixedKeys() {}

  static SigningKeys of(byte[] jwks) {
    try {
      Path file = Files.createTempFile("tandem-jwks", ".json");
      Files.write(file, jwks);
      SigningKeys keys = SigningKeys.at(file.toString());
      file.toFile().deleteOnExit();
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
