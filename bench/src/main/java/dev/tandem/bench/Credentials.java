package dev.tandem.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;

/**
 * An issuer of tokens for one run.
 *
 * @param keys the file with the public key
 * @param token what the load's caller brings along
 */
record Credentials(Path keys, String token) {

  private static final String NAME = "tandem-bench";
  private static final Duration LIFETIME = Duration.ofHours(12);

  /** Makes a key, writes its public half into the folder, and signs one token. */
  static Credentials issued(Path folder) throws IOException {
    try {
      ECKey key =
          new ECKeyGenerator(Curve.P_256).keyID(NAME).algorithm(JWSAlgorithm.ES256).generate();
      Instant now = Instant.now();
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(NAME).build(),
              new JWTClaimsSet.Builder()
                  .issuer(NAME)
                  .audience(NAME)
                  .subject("load")
                  .issueTime(Date.from(now))
                  .expirationTime(Date.from(now.plus(LIFETIME)))
                  .build());
      token.sign(new ECDSASigner(key));
      return new Credentials(
          Files.writeString(folder.resolve("jwks.json"), new JWKSet(key).toString()),
          token.serialize());
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that was just made signs", e);
    }
  }

  /** What a service needs to verify the token. */
  Map<String, String> environment() {
    return Map.of(
        "TANDEM_AUTH_ISSUER", NAME,
        "TANDEM_AUTH_AUDIENCE", NAME,
        "TANDEM_AUTH_JWKS_LOCATION", keys.toString());
  }
}
