package dev.tandem.auth;

import dev.tandem.auth.TokenCheck.Valid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens that were found valid lately, by their digest: a caller sends the same token with
 * every call, and verifying a signature costs more than everything else that a small call does.
 * Only valid tokens get in, so nobody can fill it with forgeries.
 *
 * <p>Bounded without a lock or a clock: entries go to the young half; when it is full, it becomes
 * the old one, and the old one's entries that nobody asked for are forgotten.
 */
final class VerifiedTokens {

  private final int half;
  private volatile Halves halves = new Halves(Map.of());

  /** Remembers so many tokens at most. */
  VerifiedTokens(int most) {
    this.half = Math.max(1, most / 2);
  }

  private static final class Halves {

    final Map<Digest, Entry> young = new ConcurrentHashMap<>();
    final Map<Digest, Entry> old;

    Halves(Map<Digest, Entry> old) {
      this.old = old;
    }
  }

  /** A token's verdict, and the keys by which it was reached: it ends with them. */
  private record Entry(Valid verdict, KeySet keys) {}

  /** SHA-256: the tokens themselves have no business in a heap dump. */
  record Digest(long first, long second, long third, long fourth) {

    /** To be copied, which costs less than looking the algorithm up for every call. */
    private static final MessageDigest SHA_256 = sha256();

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    static Digest of(BearerToken token) {
      try {
        MessageDigest digest = (MessageDigest) SHA_256.clone();
        ByteBuffer bytes =
            ByteBuffer.wrap(digest.digest(token.text().getBytes(StandardCharsets.ISO_8859_1)));
        return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("SHA-256 of every Java can be copied", e);
      }
    }
  }

  /** The verdict on a token that was reached by these very keys. */
  Optional<Valid> find(Digest digest, KeySet keys) {
    Halves now = halves;
    Entry entry = now.young.get(digest);
    if (entry == null) {
      entry = now.old.get(digest);
      if (entry != null) {
        put(digest, entry);
      }
    }
    return entry != null && entry.keys == keys ? Optional.of(entry.verdict) : Optional.empty();
  }

  void put(Digest digest, Valid verdict, KeySet keys) {
    put(digest, new Entry(verdict, keys));
  }

  private void put(Digest digest, Entry entry) {
    Halves now = halves;
    if (now.young.size() >= half) {
      now = turn(now);
    }
    now.young.put(digest, entry);
  }

  private synchronized Halves turn(Halves full) {
    if (halves == full) {
      halves = new Halves(full.young);
    }
    return halves;
  }

  int size() {
    return halves.young.size() + halves.old.size();
  }
}
