package dev.tandem.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tandem.auth.BearerToken.Presented;
import io.grpc.Metadata;
import java.time.Clock;
import java.util.Base64;

/**
 * The {@code authorization} metadata of a stranger, one value a line. Nobody can make a valid token
 * without the key; a token that is taken for one has one text only.
 */
final class AuthorizationFuzz {

  private static final int MAX_BYTES = 6144;

  private static final TokenVerifier VERIFIER =
      new TokenVerifier(FuzzIssuer.RULES, Clock.systemUTC());

  private AuthorizationFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    Metadata headers = new Metadata();
    for (String value : new String(input, ISO_8859_1).split("\n", -1)) {
      headers.put(BearerToken.AUTHORIZATION, value);
    }
    if (BearerToken.in(headers, MAX_BYTES) instanceof Presented.One(BearerToken token)) {
      requireOneText(token);
      TokenCheck check = VERIFIER.check(token, FuzzIssuer.KEYS);
      if (check instanceof TokenCheck.Valid) {
        throw new AssertionError("a token was forged");
      }
      FuzzIssuer.requireExpected(check);
    }
  }

  private static void requireOneText(BearerToken token) {
    for (String part : token.text().split("\\.", -1)) {
      String again =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(Base64.getUrlDecoder().decode(part));
      if (!again.equals(part)) {
        throw new AssertionError("one token has two texts");
      }
    }
  }
}
