package dev.tandem.caller.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Signs tokens for calls (RFC 7519) with an elliptic-curve key (ES256). */
public final class TokenSigner {
  /** How long a token lasts unless somebody says otherwise; a call that is due gets a fresh one. */
  public static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final String SUBJECT = "caller";
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  private final PrivateKey key;
  private final String keyId;
  private final String issuer;
  private final String audience;
  private final Clock clock;

  /**
   * A signer.
   *
   * @param key a key on P-256
   * @param keyId its name in the key set by which servers verify
   * @param issuer the {@code iss} of its tokens
   * @param audience their {@code aud}
   */
  public TokenSigner(PrivateKey key, String keyId, String issuer, String audience, Clock clock) {
    this.key = key;
    this.keyId = keyId;
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /**
   * The signer that the environment names: TANDEM_TOKEN_SIGNER, a folder with {@code key.pem} (PKCS
   * 8) and {@code kid}; TANDEM_AUTH_ISSUER and TANDEM_AUTH_AUDIENCE. Empty when it names none.
   *
   * @throws IllegalArgumentException when the key cannot be used
   */
  public static Optional<TokenSigner> from(Map<String, String> environment) {
    String folder = environment.getOrDefault("TANDEM_TOKEN_SIGNER", "");
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new TokenSigner(
              privateKey(Files.readString(Path.of(folder, "key.pem"))),
              Files.readString(Path.of(folder, "kid")).strip(),
              environment.getOrDefault("TANDEM_AUTH_ISSUER", "tandem"),
              environment.getOrDefault("TANDEM_AUTH_AUDIENCE", "tandem"),
              Clock.systemUTC()));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "TANDEM_TOKEN_SIGNER is '%s': it has to be a folder with key.pem (an EC key, PKCS 8) and kid: %s"
              .formatted(folder, e),
          e);
    }
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  /** A token of its own for each call, made anew before the last one ends. */
  public Credential own() {
    return new Own();
  }

  private final class Own implements Credential {
    private volatile Made last = new Made("", Instant.MIN);

    @Override
    public Optional<String> authorization() {
      Instant now = clock.instant();
      Made made = last;
      if (!now.isBefore(made.renewal)) {
        made =
            new Made(
                "Bearer " + sign(SUBJECT, audience, now, LIFETIME),
                now.plus(LIFETIME.dividedBy(2)));
        last = made;
      }
      return Optional.of(made.authorization);
    }
  }

  private record Made(String authorization, Instant renewal) {}

  /**
   * One token for every call, with these claims.
   *
   * @param claimedSubject its {@code sub}; empty: the caller's own
   * @param claimedAudience its {@code aud}; empty: the usual one
   * @param age how long ago it was issued
   * @param lifetime how long after that it expires
   */
  public Credential claiming(
      String claimedSubject, String claimedAudience, Duration age, Duration lifetime) {
    return Credential.of(
        "Bearer "
            + sign(
                claimedSubject.isEmpty() ? SUBJECT : claimedSubject,
                claimedAudience.isEmpty() ? audience : claimedAudience,
                clock.instant().minus(age),
                lifetime));
  }

  private String sign(String subject, String forWhom, Instant issued, Duration lifetime) {
    JsonObject header = new JsonObject();
    header.addProperty("typ", "JWT");
    header.addProperty("alg", "ES256");
    header.addProperty("kid", keyId);
    JsonObject claims = new JsonObject();
    claims.addProperty("iss", issuer);
    claims.addProperty("aud", forWhom);
    claims.addProperty("sub", subject);
    claims.addProperty("iat", issued.getEpochSecond());
    claims.addProperty("exp", issued.plus(lifetime).getEpochSecond());
    String input = base64url(header) + "." + base64url(claims);
    try {
      // RFC 7518, section 3.4: r and s side by side, not in DER.
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(input.getBytes(UTF_8));
      return input + "." + BASE64URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was read signs", e);
    }
  }

  private static String base64url(JsonObject json) {
    return BASE64URL.encodeToString(json.toString().getBytes(UTF_8));
  }
}
