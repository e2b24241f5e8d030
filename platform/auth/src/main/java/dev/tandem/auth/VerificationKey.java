package dev.tandem.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A public key and the one algorithm that it is for. The key decides on the algorithm, never the
 * token: a token that says HS256 cannot have an RSA key's bytes taken for a secret.
 *
 * @param algorithm what signatures it verifies
 * @param key the key itself, by which two are compared
 * @param verifier verifies; any number of threads may
 */
record VerificationKey(SignatureAlgorithm algorithm, PublicKey key, JWSVerifier verifier) {

  private static final int FEWEST_RSA_BITS = 2048;
  private static final int ED25519_BYTES = 32;

  /** What precedes an Ed25519 key's bytes in its X.509 form (RFC 8410, section 4). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /**
   * The key of a key set's entry, or nothing when it is of a kind or for a use that is not ours.
   */
  static Optional<VerificationKey> of(JWK entry) throws JOSEException, GeneralSecurityException {
    if (entry.getKeyUse() != null && !entry.getKeyUse().equals(KeyUse.SIGNATURE)) {
      return Optional.empty();
    }
    Optional<VerificationKey> key =
        switch (entry) {
          case RSAKey rsa when rsa.size() >= FEWEST_RSA_BITS -> {
            var publicKey = rsa.toRSAPublicKey();
            yield Optional.of(
                new VerificationKey(
                    SignatureAlgorithm.RS256, publicKey, new RSASSAVerifier(publicKey)));
          }
          case ECKey ec when Curve.P_256.equals(ec.getCurve()) -> {
            var publicKey = ec.toECPublicKey();
            yield Optional.of(
                new VerificationKey(
                    SignatureAlgorithm.ES256, publicKey, new ECDSAVerifier(publicKey)));
          }
          case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) -> {
            PublicKey publicKey = ed25519(pair.getDecodedX());
            yield Optional.of(
                new VerificationKey(
                    SignatureAlgorithm.ED25519, publicKey, new Ed25519Verifier(publicKey)));
          }
          default -> Optional.empty();
        };
    return key.filter(
        made ->
            entry.getAlgorithm() == null
                || entry.getAlgorithm().getName().equals(made.algorithm.headerName()));
  }

  private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
    byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_BYTES];
    if (point.length != ED25519_BYTES) {
      throw new GeneralSecurityException("an Ed25519 key has 32 bytes, not " + point.length);
    }
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** Equal when the key is: verifiers have no notion of it. */
  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey that
        && algorithm == that.algorithm
        && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
