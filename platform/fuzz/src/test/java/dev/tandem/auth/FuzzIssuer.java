package dev.tandem.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** An issuer whose key is the same in every run, so that what was found can be repeated. */
public final class FuzzIssuer {

  static final TokenRules RULES = TokenRules.of("https://issuer.test", "tandem");
  static final String KEY_ID = "fuzz";

  /** RFC 8410 around the secret key of RFC 8032's first test vector. */
  private static final String PRIVATE_KEY =
      "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

  private static final String PUBLIC_KEY = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

  static final KeySet KEYS = keys();

  private static final PrivateKey KEY = key();

  private FuzzIssuer() {}

  private static byte[] jwks() {
    return """
        {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "%s", "x": "%s"}]}
        """
        .formatted(KEY_ID, PUBLIC_KEY)
        .getBytes(UTF_8);
  }

  private static KeySet keys() {
    try {
      return KeySet.parse(jwks(), 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PrivateKey key() {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new PKCS8EncodedKeySpec(HexFormat.of().parseHex(PRIVATE_KEY)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An interceptor that knows the issuer, for all services but this one. */
  public static AuthenticationInterceptor interceptorExcept(String openService) {
    try {
      Path file = Files.createTempFile("fuzz-jwks", ".json");
      file.toFile().deleteOnExit();
      Files.write(file, jwks());
      return new AuthenticationInterceptor(
          RULES, new AccessRules(Set.of(openService), List.of()), SigningKeys.at(file.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A token that is in order. */
  public static String validToken() {
    long now = Instant.now().getEpochSecond();
    String claims =
        """
        {"iss": "%s", "aud": "%s", "sub": "ada", "iat": %d, "exp": %d}
        """
            .formatted(RULES.issuer(), RULES.audience(), now, now + 80_000);
    String header = "{\"alg\": \"EdDSA\", \"kid\": \"%s\"}".formatted(KEY_ID);
    return token(header.getBytes(UTF_8), claims.getBytes(UTF_8)).text();
  }

  /**
   * A token with this header and this payload, whatever they are, and a signature that is right.
   */
  static BearerToken token(byte[] header, byte[] payload) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String input = base64.encodeToString(header) + "." + base64.encodeToString(payload);
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(KEY);
      signature.update(input.getBytes(UTF_8));
      return new BearerToken(input + "." + base64.encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The verifier never throws; where it would have, it says so, and that is a mistake of ours. */
  static void requireExpected(TokenCheck check) {
    if (check instanceof TokenCheck.Rejected(String reason)
        && reason.startsWith("looking at it failed")) {
      throw new AssertionError(reason);
    }
  }
}
