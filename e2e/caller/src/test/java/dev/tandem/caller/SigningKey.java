package dev.tandem.caller;

import dev.tandem.caller.token.TokenSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;

/** A key as make up makes one. */
public final class SigningKey {
  private SigningKey() {}

  /** A new key on P-256. */
  public static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A signer with a new key. */
  public static TokenSigner signer() {
    return new TokenSigner(
        generate().getPrivate(), "key-1", "tandem", "services", Clock.systemUTC());
  }

  /** Writes a key as the Secret has it that a caller's pod mounts. */
  public static Path write(Path folder, KeyPair key) {
    String encoded =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPrivate().getEncoded());
    try {
      Files.writeString(
          folder.resolve("key.pem"),
          "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n");
      Files.writeString(folder.resolve("kid"), "key-1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }
}
