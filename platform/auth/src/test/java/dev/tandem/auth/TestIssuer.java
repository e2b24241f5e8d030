package dev.tandem.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** An issuer with a key of each kind. */
final class TestIssuer {

  static final String ISSUER = "https://issuer.test";
  static final String AUDIENCE = "tandem";
  static final String SUBJECT = "ada";

  final RSAKey rsa;
  final ECKey ec;
  final KeyPair ed25519;
  final String ed25519Id;

  /** An issuer whose keys' ids begin so. */
  TestIssuer(String name) {
    try {
      rsa = new RSAKeyGenerator(2048).keyID(name + "-rsa").generate();
      ec = new ECKeyGenerator(Curve.P_256).keyID(name + "-ec").generate();
      ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      ed25519Id = name + "-ed25519";
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static TokenRules rules() {
    return TokenRules.of(ISSUER, AUDIENCE);
  }

  /** The public keys, as an issuer publishes them. */
  byte[] jwks() {
    return jwks(rsa.toPublicJWK(), ec.toPublicJWK(), ed25519Jwk());
  }

  static byte[] jwks(JWK... keys) {
    return new JWKSet(Arrays.asList(keys)).toString(false).getBytes(UTF_8);
  }

  /** The public keys of several issuers together. */
  static byte[] jwks(TestIssuer... issuers) {
    return jwks(
        Stream.of(issuers)
            .flatMap(
                each -> Stream.of(each.rsa.toPublicJWK(), each.ec.toPublicJWK(), each.ed25519Jwk()))
            .toArray(JWK[]::new));
  }

  private JWK ed25519Jwk() {
    byte[] encoded = ed25519.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
        .keyID(ed25519Id)
        .build();
  }

  KeySet keys() {
    try {
      return KeySet.parse(jwks(), 10);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Claims that are in order. */
  static JWTClaimsSet.Builder claims() {
    return claims(Instant.now());
  }

  static JWTClaimsSet.Builder claims(Instant issued) {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject(SUBJECT)
        .issueTime(Date.from(issued))
        .expirationTime(Date.from(issued.plus(Duration.ofMinutes(5))));
  }

  /** A token that is in order, signed by the elliptic-curve key. */
  String token() {
    return token(claims());
  }

  String token(JWTClaimsSet.Builder claims) {
    return ec(header -> header, claims);
  }

  String rsa(UnaryOperator<JWSHeader.Builder> header, JWTClaimsSet.Builder claims) {
    try {
      return sign(
          header.apply(header(JWSAlgorithm.RS256, rsa.getKeyID())), claims, new RSASSASigner(rsa));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String ec(UnaryOperator<JWSHeader.Builder> header, JWTClaimsSet.Builder claims) {
    try {
      return sign(
          header.apply(header(JWSAlgorithm.ES256, ec.getKeyID())), claims, new ECDSASigner(ec));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String ed25519(JWTClaimsSet.Builder claims) {
    try {
      String input =
          encode(header(JWSAlgorithm.EdDSA, ed25519Id).build().toString())
              + "."
              + encode(claims.build().toString());
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(ed25519.getPrivate());
      signature.update(input.getBytes(UTF_8));
      return input + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token whose header and payload are these very texts, signed by the elliptic-curve key. */
  String raw(String header, String payload) {
    return signed(encode(header) + "." + encode(payload));
  }

  /** What is to be signed, with a signature by the elliptic-curve key. */
  String signed(String input) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(ec.toECPrivateKey());
      signature.update(input.getBytes(UTF_8));
      return input + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(String text) {
    return Base64URL.encode(text).toString();
  }

  static JWSHeader.Builder header(JWSAlgorithm algorithm, String keyId) {
    return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(keyId);
  }

  static String sign(JWSHeader.Builder header, JWTClaimsSet.Builder claims, JWSSigner signer) {
    try {
      SignedJWT token = new SignedJWT(header.build(), claims.build());
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
