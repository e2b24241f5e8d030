package dev.tandem.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.auth.BearerToken.Presented;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {

  @ParameterizedTest
  @ValueSource(strings = {"AA.AA.AA", "AAA.AAAA.AA", "-_-_._-_-.Aa09"})
  void isThreePartsOfBase64url(String token) {
    assertThat(BearerToken.in(GuardedServer.bearer(token), 100))
        .isEqualTo(new Presented.One(new BearerToken(token)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "AA",
        "AA.AA",
        "AA.AA.",
        ".AA.AA",
        "AA..AA",
        "AA.AA.AA.AA",
        "AA.AA.AA.",
        "A.AA.AA",
        "AA.AAAAA.AA",
        "AB.AA.AA",
        "AA.AAB.AA",
        "AA.AA.A=",
        "AA.AA.A+",
        "AA.AA.A/",
        "AA.AA.A A",
        " AA.AA.AA",
        "AA.AA.AA "
      })
  void isNothingElse(String token) {
    assertThat(BearerToken.in(GuardedServer.bearer(token), 100))
        .isInstanceOf(Presented.Unusable.class);
  }

  @Test
  void isShownNowhere() {
    assertThat(new BearerToken("AA.AA.AA")).hasToString("a bearer token of 8 bytes");
  }

  @Test
  void isMeasuredBeforeItIsLookedAt() {
    assertThat(BearerToken.in(GuardedServer.bearer("A".repeat(101)), 100))
        .isEqualTo(new Presented.Unusable("the token has 101 bytes, more than 100"));
  }
}
