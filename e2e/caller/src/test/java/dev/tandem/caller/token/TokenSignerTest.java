package dev.tandem.caller.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tandem.caller.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenSignerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final KeyPair key = SigningKey.generate();
  private final MovingClock clock = new MovingClock();
  private final TokenSigner signer =
      new TokenSigner(key.getPrivate(), "key-1", "tandem", "services", clock);

  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  @TempDir
  Path folder;

  @Test
  void signsWhatItClaims() throws Exception {
    String token = token(signer.own());

    assertThat(signatureHolds(token)).isTrue();
    assertThat(json(token, 0).toString())
        .isEqualTo("{\"typ\":\"JWT\",\"alg\":\"ES256\",\"kid\":\"key-1\"}");
    JsonObject claims = json(token, 1);
    assertThat(claims.get("iss").getAsString()).isEqualTo("tandem");
    assertThat(claims.get("aud").getAsString()).isEqualTo("services");
    assertThat(claims.get("sub").getAsString()).isEqualTo("caller");
    assertThat(claims.get("iat").getAsLong()).isEqualTo(START.getEpochSecond());
    assertThat(claims.get("exp").getAsLong()).isEqualTo(START.getEpochSecond() + 300);
  }

  @Test
  void makesANewTokenWhenHalfOfTheLastOnesLifeIsOver() {
    Credential own = signer.own();
    String first = token(own);

    clock.pass(Duration.ofSeconds(149));
    assertThat(token(own)).isEqualTo(first);
    clock.pass(Duration.ofSeconds(1));
    assertThat(json(token(own), 1).get("exp").getAsLong()).isEqualTo(START.getEpochSecond() + 450);
  }

  @Test
  void claimsWhatItIsTold() {
    JsonObject claims =
        json(
            token(signer.claiming("ada", "elsewhere", Duration.ofHours(1), Duration.ofMinutes(1))),
            1);

    assertThat(claims.get("sub").getAsString()).isEqualTo("ada");
    assertThat(claims.get("aud").getAsString()).isEqualTo("elsewhere");
    assertThat(claims.get("iat").getAsLong()).isEqualTo(START.getEpochSecond() - 3600);
    assertThat(claims.get("exp").getAsLong()).isEqualTo(START.getEpochSecond() - 3540);
  }

  @Test
  void readsTheKeyThatAPodMounts() throws Exception {
    TokenSigner read =
        TokenSigner.from(
                Map.of(
                    "TANDEM_TOKEN_SIGNER", SigningKey.write(folder, key).toString(),
                    "TANDEM_AUTH_ISSUER", "https://issuer.test",
                    "TANDEM_AUTH_AUDIENCE", "services"))
            .orElseThrow();

    String token = token(read.own());

    assertThat(signatureHolds(token)).isTrue();
    assertThat(json(token, 1).get("iss").getAsString()).isEqualTo("https://issuer.test");
  }

  @Test
  void signsNothingWithoutAKey() {
    assertThat(TokenSigner.from(Map.of())).isEmpty();
  }

  @Test
  void namesTheFolderOfAKeyThatCannotBeUsed() throws IOException {
    Map<String, String> environment = Map.of("TANDEM_TOKEN_SIGNER", folder.toString());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenSigner.from(environment))
        .withMessageStartingWith(
            "TANDEM_TOKEN_SIGNER is '%s': it has to be a folder with key.pem".formatted(folder));
    Files.writeString(folder.resolve("key.pem"), "not a key");
    Files.writeString(folder.resolve("kid"), "key-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenSigner.from(environment))
        .withMessageContaining("InvalidKeySpecException");
  }

  private boolean signatureHolds(String token) throws Exception {
    int end = token.lastIndexOf('.');
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(key.getPublic());
    signature.update(token.substring(0, end).getBytes(UTF_8));
    return signature.verify(Base64.getUrlDecoder().decode(token.substring(end + 1)));
  }

  private static String token(Credential credential) {
    return credential.authorization().orElseThrow().substring("Bearer ".length());
  }

  private static JsonObject json(String token, int part) {
    byte[] decoded = Base64.getUrlDecoder().decode(token.split("\\.", -1)[part]);
    return JsonParser.parseString(new String(decoded, UTF_8)).getAsJsonObject();
  }

  private static final class MovingClock extends Clock {
    private Instant now = START;

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
