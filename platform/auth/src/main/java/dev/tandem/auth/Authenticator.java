package dev.tandem.auth;

import dev.tandem.auth.TokenCheck.Expired;
import dev.tandem.auth.TokenCheck.NoKeys;
import dev.tandem.auth.TokenCheck.Rejected;
import dev.tandem.auth.TokenCheck.UnknownKey;
import dev.tandem.auth.TokenCheck.Valid;
import dev.tandem.auth.VerifiedTokens.Digest;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Says of tokens what they are worth, with the newest keys and without doing anything twice. */
final class Authenticator {

  private static final int TOKENS_REMEMBERED = 10_000;

  private final TokenRules rules;
  private final TokenVerifier verifier;
  private final SigningKeys keys;
  private final Clock clock;
  private final VerifiedTokens verified = new VerifiedTokens(TOKENS_REMEMBERED);

  Authenticator(TokenRules rules, SigningKeys keys, Clock clock) {
    this.rules = rules;
    this.verifier = new TokenVerifier(rules, clock);
    this.keys = keys;
    this.clock = clock;
  }

  int maxTokenBytes() {
    return rules.maxTokenBytes();
  }

  /**
   * What was found out.
   *
   * @param check what a token is worth
   * @param keys by which keys
   */
  record Verdict(TokenCheck check, KeySet keys) {}

  /** What a token is worth by the keys at hand. Never blocks. */
  Verdict check(BearerToken token) {
    KeySet now = keys.current();
    Digest digest = Digest.of(token);
    Optional<Valid> known =
        verified.find(digest, now).filter(valid -> clock.instant().isBefore(valid.expiry()));
    if (known.isPresent()) {
      return new Verdict(known.get(), now);
    }
    TokenCheck check = verifier.check(token, now);
    if (check instanceof Valid valid) {
      verified.put(digest, valid, now);
    }
    return new Verdict(check, now);
  }

  /** What has to end before another check can come to something else; empty when nothing can. */
  Optional<CompletableFuture<Void>> toAwait(Verdict verdict) {
    return switch (verdict.check) {
      case UnknownKey _, NoKeys _ -> keys.newerThan(verdict.keys);
      case Valid _ -> keys.afterIdleness(verdict.keys);
      case Expired _, Rejected _ -> Optional.empty();
    };
  }
}
