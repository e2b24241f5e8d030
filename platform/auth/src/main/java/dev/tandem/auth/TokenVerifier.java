package dev.tandem.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.tandem.auth.TokenCheck.Expired;
import dev.tandem.auth.TokenCheck.NoKeys;
import dev.tandem.auth.TokenCheck.Rejected;
import dev.tandem.auth.TokenCheck.UnknownKey;
import dev.tandem.auth.TokenCheck.Valid;
import dev.tandem.identity.Caller;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one token: its form, its header, its signature, its claims, in this order (RFC 7519,
 * section 7.2, and the best practices of RFC 8725). Says what came of it and never throws.
 */
final class TokenVerifier {

  /**
   * Parameters with which a header brings a key along, has one fetched, or changes what the rest
   * means. A token for us has no need of any (RFC 8725, sections 3.10 and 2.7).
   */
  private static final Set<String> REFUSED_PARAMETERS =
      Set.of("crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc", "cty", "epk", "p2s", "p2c");

  /** What {@code typ} may be: nothing, a JWT, or an access token (RFC 9068, section 2.1). */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private static final int LONGEST_NAME = 256;

  private final TokenRules rules;
  private final Clock clock;

  TokenVerifier(TokenRules rules, Clock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  TokenCheck check(BearerToken token, KeySet keys) {
    if (keys.isEmpty()) {
      return new NoKeys();
    }
    try {
      return check(JWSObject.parse(token.text()), keys);
    } catch (ParseException e) {
      // Without its message, which may repeat what the token says.
      return new Rejected("it is not a signed token in JSON");
    } catch (JOSEException | RuntimeException | StackOverflowError e) {
      return new Rejected("looking at it failed: " + e.getClass().getName());
    }
  }

  private TokenCheck check(JWSObject token, KeySet keys) throws ParseException, JOSEException {
    JWSHeader header = token.getHeader();
    Optional<String> fault = faultOf(header);
    if (fault.isPresent()) {
      return new Rejected(fault.get());
    }
    Optional<VerificationKey> key = keys.key(header.getKeyID());
    if (key.isEmpty()) {
      return new UnknownKey(header.getKeyID());
    }
    if (!header.getAlgorithm().getName().equals(key.get().algorithm().headerName())) {
      return new Rejected("its key is not for the algorithm that it names");
    }
    if (!token.verify(key.get().verifier())) {
      return new Rejected("its signature is wrong");
    }
    return check(Claims.in(token.getPayload().toJSONObject()));
  }

  private Optional<String> faultOf(JWSHeader header) throws ParseException {
    if (SignatureAlgorithm.named(header.getAlgorithm().getName())
        .filter(rules.algorithms()::contains)
        .isEmpty()) {
      return Optional.of("its algorithm is not allowed");
    }
    // As it was sent: what the parser makes of it leaves out what is empty.
    Map<String, Object> sent = JSONObjectUtils.parse(header.getParsedBase64URL().decodeToString());
    if (sent.keySet().stream().anyMatch(REFUSED_PARAMETERS::contains)) {
      return Optional.of("its header has a parameter that is not accepted");
    }
    if (header.getType() != null
        && !TYPES.contains(header.getType().getType().toLowerCase(Locale.ROOT))) {
      return Optional.of("it is of another type (typ)");
    }
    if (!isName(header.getKeyID())) {
      return Optional.of("it does not name its key (kid)");
    }
    return Optional.empty();
  }

  private TokenCheck check(Claims claims) {
    if (!claims.issuer().equals(Optional.of(rules.issuer()))) {
      return new Rejected("its issuer is another one");
    }
    if (!claims.audience().contains(rules.audience())) {
      return new Rejected("it is for another audience");
    }
    String subject = claims.subject().orElse("");
    if (!isName(subject)) {
      return new Rejected("it has no subject, or one that is no name");
    }
    if (claims.issued().isEmpty() || claims.expires().isEmpty()) {
      return new Rejected("it does not say when it was issued and when it expires");
    }
    return check(claims, subject, claims.issued().get(), claims.expires().get());
  }

  private TokenCheck check(Claims claims, String subject, Instant issued, Instant expires) {
    if (issued.isAfter(expires)
        || Duration.between(issued, expires).compareTo(rules.maxLifetime()) > 0) {
      return new Rejected("its lifetime is longer than " + rules.maxLifetime());
    }
    Instant now = clock.instant();
    Instant latest = now.plus(rules.clockSkew());
    if (issued.isAfter(latest) || claims.notBefore().filter(latest::isBefore).isPresent()) {
      return new Rejected("it is not in force yet");
    }
    Instant end = expires.plus(rules.clockSkew());
    if (!now.isBefore(end)) {
      return new Expired(Duration.between(expires, now));
    }
    return new Valid(new Caller(subject), claims.scopes(), end);
  }

  /** Something that can stand in a log, a metric and a policy. */
  private static boolean isName(@Nullable String text) {
    return text != null
        && !text.isBlank()
        && text.length() <= LONGEST_NAME
        && text.chars().noneMatch(Character::isISOControl);
  }
}
