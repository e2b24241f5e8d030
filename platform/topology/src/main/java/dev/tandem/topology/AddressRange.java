package dev.tandem.topology;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A canonical IPv4 range in CIDR notation: no bit is set after the prefix (RFC 4632).
 *
 * @param first the first address as an unsigned 32-bit number
 * @param prefix the length of the prefix, 0 to 32
 */
public record AddressRange(long first, int prefix) {

  private static final long ADDRESSES = 1L << 32;
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");

  public AddressRange {
    if (prefix < 0 || prefix > 32) {
      throw new IllegalArgumentException("a prefix is 0 to 32, not " + prefix);
    }
    if (first < 0 || first >= ADDRESSES) {
      throw new IllegalArgumentException(first + " is not an IPv4 address");
    }
    if (first % sizeOf(prefix) != 0) {
      throw new IllegalArgumentException(
          "%s/%d has bits set after the prefix".formatted(dotted(first), prefix));
    }
  }

  /** What a text that should be a range turned out to be. */
  public sealed interface Reading {
    record Canonical(AddressRange range) implements Reading {}

    /** An address within {@code range} stands where the range's first address should. */
    record HostBitsSet(AddressRange range) implements Reading {}

    /** {@code reason} continues "the text …". */
    record Malformed(String reason) implements Reading {}
  }

  public static Reading read(String text) {
    if (text.contains(":")) {
      return new Reading.Malformed("is IPv6, and the clusters use IPv4");
    }
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    String[] octets = address.split("\\.", -1);
    if (octets.length != 4 || !Arrays.stream(octets).allMatch(AddressRange::isOctet)) {
      return new Reading.Malformed("does not start with four numbers from 0 to 255");
    }
    if (slash < 0) {
      return new Reading.Malformed("has no prefix length");
    }
    String length = text.substring(slash + 1);
    if (!NUMBER.matcher(length).matches() || Integer.parseInt(length) > 32) {
      return new Reading.Malformed("has no prefix length from 0 to 32 after the slash");
    }
    long bits = 0;
    for (String octet : octets) {
      bits = bits << 8 | Integer.parseInt(octet);
    }
    int prefix = Integer.parseInt(length);
    long first = bits - bits % sizeOf(prefix);
    var range = new AddressRange(first, prefix);
    return first == bits ? new Reading.Canonical(range) : new Reading.HostBitsSet(range);
  }

  /**
   * The range that a canonical text stands for.
   *
   * @throws IllegalArgumentException when the text is anything but a canonical range
   */
  public static AddressRange of(String text) {
    return switch (read(text)) {
      case Reading.Canonical(AddressRange range) -> range;
      case Reading.HostBitsSet(AddressRange range) ->
          throw new IllegalArgumentException(text + " is not canonical; " + range + " is");
      case Reading.Malformed(String reason) ->
          throw new IllegalArgumentException(text + " " + reason);
    };
  }

  public long last() {
    return first + size() - 1;
  }

  public long size() {
    return sizeOf(prefix);
  }

  public boolean contains(AddressRange other) {
    return first <= other.first && other.last() <= last();
  }

  public boolean overlaps(AddressRange other) {
    return first <= other.last() && other.first <= last();
  }

  /** The smallest range that contains both. */
  public AddressRange union(AddressRange other) {
    int shorter = Math.min(prefix, other.prefix);
    while (first / sizeOf(shorter) != other.first / sizeOf(shorter)) {
      shorter--;
    }
    return new AddressRange(first - first % sizeOf(shorter), shorter);
  }

  /** The address {@code offset} places after the first one, in dotted notation. */
  public String address(long offset) {
    if (offset < 0 || offset >= size()) {
      throw new IllegalArgumentException(offset + " is outside " + this);
    }
    return dotted(first + offset);
  }

  /** The lowest part of this range that has a longer prefix. */
  public AddressRange lowest(int longerPrefix) {
    if (longerPrefix < prefix) {
      throw new IllegalArgumentException("/" + longerPrefix + " does not fit into " + this);
    }
    return new AddressRange(first, longerPrefix);
  }

  @Override
  public String toString() {
    return dotted(first) + "/" + prefix;
  }

  private static long sizeOf(int prefix) {
    return 1L << (32 - prefix);
  }

  private static boolean isOctet(String text) {
    return NUMBER.matcher(text).matches() && Integer.parseInt(text) <= 255;
  }

  private static String dotted(long address) {
    return Arrays.stream(new int[] {24, 16, 8, 0})
        .mapToObj(shift -> Long.toString(address >> shift & 0xff))
        .collect(Collectors.joining("."));
  }
}
