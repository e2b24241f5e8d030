package dev.tandem.auth;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.grpc.Context;
import io.grpc.Metadata;
import java.util.Arrays;
import java.util.Optional;

/**
 * A token in its compact form (RFC 7515, section 3.1) as a call brings it along. Its text opens
 * doors: it is shown nowhere.
 *
 * @param text three parts in base64url, with dots between
 */
record BearerToken(String text) {

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", ASCII_STRING_MARSHALLER);

  /** The token of the call that is being served, once it was found valid. */
  private static final Context.Key<BearerToken> KEY = Context.key("tandem-bearer-token");

  private static final String SCHEME = "Bearer ";
  private static final int PARTS = 3;
  private static final byte NOT_BASE64URL = -1;

  private static final String BASE64URL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** What each character of ASCII stands for: a token has hundreds, and comes with every call. */
  private static final byte[] SEXTETS = sextets();

  /** What a call's metadata has. */
  sealed interface Presented {

    record One(BearerToken token) implements Presented {}

    record Unusable(String reason) implements Presented {}
  }

  /**
   * Looks for a token of at most so many bytes. The scheme's case does not count (RFC 9110, section
   * 11.1); exactly one space follows it, and nothing surrounds the two.
   */
  static Presented in(Metadata headers, int maxBytes) {
    Iterable<String> values = headers.getAll(AUTHORIZATION);
    if (values == null) {
      return new Presented.Unusable("there is no authorization metadata");
    }
    String only = null;
    for (String value : values) {
      if (only != null) {
        return new Presented.Unusable("there is more than one authorization metadata");
      }
      only = value;
    }
    if (only == null || !only.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Presented.Unusable("the authorization metadata is not 'Bearer', space, token");
    }
    if (only.length() - SCHEME.length() > maxBytes) {
      return new Presented.Unusable(
          "the token has %d bytes, more than %d"
              .formatted(only.length() - SCHEME.length(), maxBytes));
    }
    String text = only.substring(SCHEME.length());
    return isCompact(text)
        ? new Presented.One(new BearerToken(text))
        : new Presented.Unusable("the token is not three parts of base64url with dots between");
  }

  /** The token of the call that the current thread works on, once it was found valid. */
  static Optional<BearerToken> current() {
    return Optional.ofNullable(KEY.get());
  }

  Context into(Context context) {
    return context.withValue(KEY, this);
  }

  /**
   * Whether the text is three parts, each of them base64url as RFC 7515 has it: no padding, no
   * other characters, and no bits set that decode to nothing. Decoders forgive all of that, and
   * then one signature has many texts.
   */
  private static boolean isCompact(String text) {
    int parts = 0;
    int start = 0;
    while (start <= text.length()) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      if (!isCanonical(text, start, end)) {
        return false;
      }
      parts++;
      start = end + 1;
    }
    return parts == PARTS;
  }

  private static boolean isCanonical(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (sextet(text.charAt(i)) == NOT_BASE64URL) {
        return false;
      }
    }
    return switch ((end - start) % 4) {
      case 0 -> end > start;
      case 2 -> (sextet(text.charAt(end - 1)) & 0b1111) == 0;
      case 3 -> (sextet(text.charAt(end - 1)) & 0b11) == 0;
      default -> false;
    };
  }

  private static int sextet(char character) {
    return character < SEXTETS.length ? SEXTETS[character] : NOT_BASE64URL;
  }

  private static byte[] sextets() {
    byte[] sextets = new byte[128];
    Arrays.fill(sextets, NOT_BASE64URL);
    for (byte value = 0; value < BASE64URL.length(); value++) {
      sextets[BASE64URL.charAt(value)] = value;
    }
    return sextets;
  }

  /** Never the text. */
  @Override
  public String toString() {
    return "a bearer token of " + text.length() + " bytes";
  }
}
