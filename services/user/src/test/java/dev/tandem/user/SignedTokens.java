package dev.tandem.user;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Metadata;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An issuer with one Ed25519 key, and a service that authenticates its callers by it. */
public final class SignedTokens implements QuarkusTestResourceLifecycleManager {

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private static @Nullable KeyPair key;

  @Override
  public Map<String, String> start() {
    try {
      KeyPair made = newKey();
      key = made;
      byte[] encoded = made.getPublic().getEncoded();
      byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
      Path jwks = Files.createTempFile("tandem-jwks", ".json");
      jwks.toFile().deleteOnExit();
      Files.writeString(
          jwks,
          """
          {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "test", "x": "%s"}]}\
          """
              .formatted(BASE64URL.encodeToString(point)));
      return Map.of(
          "tandem.auth.enabled", "true",
          "tandem.auth.issuer", "test",
          "tandem.auth.audience", "tandem",
          "tandem.auth.jwks.location", jwks.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair newKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Metadata with a token of the issuer. */
  static Metadata token(String subject) {
    return token(subject, Objects.requireNonNull(key));
  }

  /** Metadata with a token that says it is the issuer's and is somebody else's. */
  static Metadata forgedToken(String subject) {
    return token(subject, newKey());
  }

  private static Metadata token(String subject, KeyPair by) {
    long now = Instant.now().getEpochSecond();
    String input =
        base64url("{\"alg\":\"EdDSA\",\"kid\":\"test\"}")
            + "."
            + base64url(
                "{\"iss\":\"test\",\"aud\":\"tandem\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}"
                    .formatted(subject, now, now + 60));
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(by.getPrivate());
      signature.update(input.getBytes(UTF_8));
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
          "Bearer " + input + "." + BASE64URL.encodeToString(signature.sign()));
      return headers;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64url(String text) {
    return BASE64URL.encodeToString(text.getBytes(UTF_8));
  }

  @Override
  public void stop() {}
}
