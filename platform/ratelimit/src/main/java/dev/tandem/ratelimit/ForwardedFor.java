package dev.tandem.ratelimit;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.grpc.Metadata;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code x-forwarded-for}: each proxy appends the address that called it. Only what a
 * trusted proxy appended is true; everything to the left of the first stranger is what that
 * stranger wanted us to read.
 */
final class ForwardedFor {

  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("x-forwarded-for", ASCII_STRING_MARSHALLER);

  /** {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1} or {@code [2001:db8::1]:80}. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "(?<v4>[0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?::[0-9]{1,5})?"
              + "|\\[(?<bracketed>[0-9a-fA-F]*:[0-9a-fA-F:.]+)](?::[0-9]{1,5})?"
              + "|(?<v6>[0-9a-fA-F]*:[0-9a-fA-F:.]+)");

  private ForwardedFor() {}

  /**
   * The nearest address that is not a trusted proxy's, seen from here; the farthest proxy where all
   * are trusted, or where the next entry is no address.
   *
   * @param peer a trusted proxy
   */
  static InetAddress nearestStranger(
      InetAddress peer, Metadata headers, Predicate<InetAddress> trusted) {
    InetAddress hop = peer;
    for (String entry : fromTheRight(headers)) {
      Optional<InetAddress> next = address(entry);
      if (next.isEmpty()) {
        return hop;
      }
      hop = next.get();
      if (!trusted.test(hop)) {
        return hop;
      }
    }
    return hop;
  }

  /** A header that is there several times is one list (RFC 9110, section 5.3). */
  private static List<String> fromTheRight(Metadata headers) {
    Iterable<String> values = headers.getAll(HEADER);
    return values == null ? List.of() : List.of(String.join(",", values).split(",", -1)).reversed();
  }

  /** Never asks a name server, whatever the text is. */
  private static Optional<InetAddress> address(String entry) {
    Matcher parts = ENTRY.matcher(entry.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    String literal =
        parts.group("v4") != null
            ? parts.group("v4")
            : parts.group("bracketed") != null ? parts.group("bracketed") : parts.group("v6");
    try {
      return Optional.of(InetAddress.ofLiteral(literal));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
