package dev.tandem.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.auth.TokenCheck.Valid;
import dev.tandem.auth.VerifiedTokens.Digest;
import dev.tandem.identity.Caller;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {

  private static final KeySet KEYS = new TestIssuer("issuer").keys();
  private static final Valid ADA = new Valid(new Caller("ada"), Set.of(), Instant.MAX);

  private final VerifiedTokens tokens = new VerifiedTokens(100);

  @Test
  void remembersWhatItWasTold() {
    tokens.put(digest("a"), ADA, KEYS);

    assertThat(tokens.find(digest("a"), KEYS)).contains(ADA);
    assertThat(tokens.find(digest("b"), KEYS)).isEmpty();
  }

  @Test
  void forgetsWithTheKeysByWhichATokenWasVerified() {
    tokens.put(digest("a"), ADA, KEYS);

    assertThat(tokens.find(digest("a"), new TestIssuer("issuer").keys())).isEmpty();
  }

  @Test
  void staysWithinItsBoundUnderAMillionTokens() {
    for (long i = 0; i < 1_000_000; i++) {
      tokens.put(new Digest(i, i, i, i), ADA, KEYS);
    }

    assertThat(tokens.size()).isBetween(50, 100);
  }

  @Test
  void keepsTheTokensThatAreAskedForWhileOthersComeAndGo() {
    tokens.put(digest("a"), ADA, KEYS);
    for (long i = 0; i < 1_000; i++) {
      tokens.put(new Digest(i, i, i, i), ADA, KEYS);
      assertThat(tokens.find(digest("a"), KEYS)).contains(ADA);
    }
  }

  private static Digest digest(String token) {
    return Digest.of(new BearerToken(token));
  }
}
