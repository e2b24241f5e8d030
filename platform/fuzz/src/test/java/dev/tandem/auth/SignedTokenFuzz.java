package dev.tandem.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.auth.TokenCheck.Valid;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * The header and the payload, a line break between them, of a token that the issuer did sign: what
 * is read only once the signature was found right.
 */
final class SignedTokenFuzz {

  /** Some time: the corpus must mean the same tomorrow. */
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final TokenVerifier VERIFIER =
      new TokenVerifier(FuzzIssuer.RULES, Clock.fixed(NOW, ZoneOffset.UTC));

  private static final byte[] HEADER =
      "{\"alg\":\"EdDSA\",\"kid\":\"%s\"}".formatted(FuzzIssuer.KEY_ID).getBytes(UTF_8);

  private SignedTokenFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    int lineBreak = 0;
    while (lineBreak < input.length && input[lineBreak] != '\n') {
      lineBreak++;
    }
    byte[] header = Arrays.copyOf(input, lineBreak);
    byte[] payload = Arrays.copyOfRange(input, Math.min(lineBreak + 1, input.length), input.length);
    TokenCheck check =
        VERIFIER.check(
            FuzzIssuer.token(header.length == 0 ? HEADER : header, payload), FuzzIssuer.KEYS);
    FuzzIssuer.requireExpected(check);
    if (check instanceof Valid valid) {
      if (valid.caller().name().isBlank() || !valid.expiry().isAfter(NOW)) {
        throw new AssertionError("accepted without a name, or after its end: " + valid);
      }
    }
  }
}
