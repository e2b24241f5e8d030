package dev.tandem.auth;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The signature algorithms that a token may be signed with (RFC 7518, section 3.1; RFC 8037). All
 * are asymmetric: a service that can verify a token cannot make one. There is no {@code none} and
 * no HMAC to be switched on by mistake.
 */
public enum SignatureAlgorithm {
  /** RSASSA-PKCS1-v1_5 with SHA-256, keys of at least 2048 bits. */
  RS256("RS256"),
  /** ECDSA on P-256 with SHA-256. */
  ES256("ES256"),
  /** EdDSA on Ed25519. */
  ED25519("EdDSA");

  private final String headerName;

  SignatureAlgorithm(String headerName) {
    this.headerName = headerName;
  }

  /** Its name in a token's header. */
  public String headerName() {
    return headerName;
  }

  /** The algorithm that a token's header names, if it is one of these; case counts. */
  public static Optional<SignatureAlgorithm> named(String headerName) {
    return Arrays.stream(values()).filter(each -> each.headerName.equals(headerName)).findFirst();
  }

  static String names() {
    return Arrays.stream(values())
        .map(SignatureAlgorithm::headerName)
        .collect(Collectors.joining(", "));
  }
}
