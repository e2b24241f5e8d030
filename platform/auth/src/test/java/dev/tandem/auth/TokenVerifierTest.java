package dev.tandem.auth;

import static dev.tandem.auth.TestIssuer.claims;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import dev.tandem.auth.TokenCheck.Expired;
import dev.tandem.auth.TokenCheck.NoKeys;
import dev.tandem.auth.TokenCheck.Rejected;
import dev.tandem.auth.TokenCheck.UnknownKey;
import dev.tandem.auth.TokenCheck.Valid;
import dev.tandem.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {

  private static final TestIssuer ISSUER = new TestIssuer("issuer");

  private final MovingClock clock = new MovingClock();
  private final Instant start = clock.instant();
  private final TokenVerifier verifier = new TokenVerifier(TestIssuer.rules(), clock);

  @Test
  void findsTheSubjectItsScopesAndTheEnd() {
    assertThat(check(ISSUER.token(claims(start).claim("scope", "read write"))))
        .isEqualTo(
            new Valid(new Caller("ada"), Set.of("read", "write"), start.plusSeconds(300 + 30)));
  }

  @Test
  void takesAScopeThatIsThereTwiceForOne() {
    assertThat(check(ISSUER.token(claims(start).claim("scope", " read  write read "))))
        .isEqualTo(
            new Valid(new Caller("ada"), Set.of("read", "write"), start.plusSeconds(300 + 30)));
  }

  @Test
  void acceptsATokenUntilTheSkewAfterItsEnd() {
    String token = ISSUER.token(claims(start));

    clock.pass(Duration.ofSeconds(300 + 30).minusNanos(1));
    assertThat(check(token)).isInstanceOf(Valid.class);
    clock.pass(Duration.ofNanos(1));
    assertThat(check(token)).isEqualTo(new Expired(Duration.ofSeconds(30)));
  }

  @Test
  void acceptsATokenFromTheSkewBeforeItsBeginning() {
    String issued = ISSUER.token(claims(start.plusSeconds(31)));
    String notBefore = ISSUER.token(claims(start).notBeforeTime(Date.from(start.plusSeconds(31))));

    assertThat(check(issued)).isInstanceOf(Rejected.class);
    assertThat(check(notBefore)).isInstanceOf(Rejected.class);
    clock.pass(Duration.ofSeconds(1));
    assertThat(check(issued)).isInstanceOf(Valid.class);
    assertThat(check(notBefore)).isInstanceOf(Valid.class);
  }

  @Test
  void acceptsLifetimesUpToTheLongest() {
    Date end = Date.from(start.plus(Duration.ofHours(24)));
    Date later = Date.from(start.plus(Duration.ofHours(24)).plusSeconds(1));

    assertThat(check(ISSUER.token(claims(start).expirationTime(end)))).isInstanceOf(Valid.class);
    assertThat(check(ISSUER.token(claims(start).expirationTime(later))))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void namesTheKeyThatIsMissing() {
    assertThat(check(new TestIssuer("another").token())).isEqualTo(new UnknownKey("another-ec"));
  }

  @Test
  void saysNothingOfATokenWithoutKeys() {
    assertThat(verifier.check(new BearerToken(ISSUER.token()), KeySet.NONE))
        .isEqualTo(new NoKeys());
  }

  @Test
  void acceptsOnlyTheAlgorithmsThatTheRulesName() {
    TokenRules defaults = TestIssuer.rules();
    TokenVerifier onlyRsa =
        new TokenVerifier(
            new TokenRules(
                defaults.issuer(),
                defaults.audience(),
                Set.of(SignatureAlgorithm.RS256),
                defaults.clockSkew(),
                defaults.maxLifetime(),
                defaults.maxTokenBytes()),
            clock);

    String rsa = ISSUER.rsa(header -> header, claims(start));
    String ec = ISSUER.ec(header -> header, claims(start));

    assertThat(onlyRsa.check(new BearerToken(rsa), ISSUER.keys())).isInstanceOf(Valid.class);
    assertThat(onlyRsa.check(new BearerToken(ec), ISSUER.keys())).isInstanceOf(Rejected.class);
  }

  /** RFC 8037, appendices A.2 and A.4. */
  @Test
  void verifiesTheExampleOfTheRfcForEd25519() throws Exception {
    OctetKeyPair published =
        OctetKeyPair.parse(
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
    VerificationKey key = VerificationKey.of(published).orElseThrow();
    byte[] input =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
            .getBytes(StandardCharsets.US_ASCII);
    Base64URL signature =
        new Base64URL(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
    JWSHeader header = new JWSHeader(JWSAlgorithm.EdDSA);

    assertThat(key.verifier().verify(header, input, signature)).isTrue();
    input[30] ^= 1;
    assertThat(key.verifier().verify(header, input, signature)).isFalse();
  }

  private TokenCheck check(String token) {
    return verifier.check(new BearerToken(token), ISSUER.keys());
  }
}
