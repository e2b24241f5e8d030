package dev.tandem.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The issuer's keys at one time, by their {@code kid}. Equal to nothing but itself: what was found
 * out by one set does not hold for the next.
 */
final class KeySet {

  /** Before the first read. */
  static final KeySet NONE = new KeySet(Map.of());

  private final Map<String, VerificationKey> byId;

  private KeySet(Map<String, VerificationKey> byId) {
    this.byId = Map.copyOf(byId);
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  boolean hasTheKeysOf(KeySet other) {
    return byId.equals(other.byId);
  }

  Set<String> ids() {
    return byId.keySet();
  }

  Optional<VerificationKey> key(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * Reads a JSON Web Key Set (RFC 7517). Entries of other kinds or uses are passed over, as the RFC
   * wants it; whatever is ambiguous, secret or broken spoils the whole set, because nobody can know
   * what its author meant.
   *
   * @throws IOException saying what is wrong with it
   */
  static KeySet parse(byte[] json, int maxKeys) throws IOException {
    JWKSet set;
    try {
      set = JWKSet.parse(new String(json, StandardCharsets.UTF_8));
    } catch (ParseException e) {
      throw new IOException("it is not a JSON Web Key Set: " + e.getMessage(), e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IOException("it is not a JSON Web Key Set: " + e, e);
    }
    if (set.size() > maxKeys) {
      throw new IOException("it has %d keys, more than %d".formatted(set.size(), maxKeys));
    }
    Map<String, VerificationKey> byId = new LinkedHashMap<>();
    for (JWK entry : set.getKeys()) {
      String id = entry.getKeyID();
      if (entry.isPrivate() && entry.toPublicJWK() != null) {
        throw new IOException("the key '%s' is a private one: publish public keys".formatted(id));
      }
      Optional<VerificationKey> key = verificationKey(entry);
      if (id == null || key.isEmpty()) {
        continue;
      }
      if (byId.putIfAbsent(id, key.get()) != null) {
        throw new IOException("two keys have the kid '%s'".formatted(id));
      }
    }
    if (byId.isEmpty()) {
      throw new IOException(
          "it has no key with a kid that is for signatures by " + SignatureAlgorithm.names());
    }
    return new KeySet(byId);
  }

  private static Optional<VerificationKey> verificationKey(JWK entry) throws IOException {
    try {
      return VerificationKey.of(entry);
    } catch (JOSEException | GeneralSecurityException | RuntimeException e) {
      throw new IOException(
          "the key '%s' is broken: %s".formatted(entry.getKeyID(), e.getMessage()), e);
    }
  }
}
