package dev.tandem.ratelimit;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IPv4 or IPv6 addresses that have their first bits in common, in CIDR notation (RFC 4632). */
public final class AddressRange {

  private static final Pattern NOTATION = Pattern.compile("([0-9a-fA-F:.]+)/([0-9]{1,3})");

  private final byte[] first;
  private final int prefix;

  private AddressRange(byte[] first, int prefix) {
    this.first = first;
    this.prefix = prefix;
  }

  /**
   * Reads the notation, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
   *
   * @throws IllegalArgumentException when the text is anything else, naming the fix
   */
  public static AddressRange of(String text) {
    Matcher parts = NOTATION.matcher(text);
    if (!parts.matches()) {
      throw notARange(text, "write an address, a slash and a prefix length, such as 10.0.0.0/8");
    }
    byte[] first;
    try {
      first = InetAddress.ofLiteral(parts.group(1)).getAddress();
    } catch (IllegalArgumentException _) {
      throw notARange(text, "write a whole address before the slash, such as 10.0.0.0/8");
    }
    int prefix = Integer.parseInt(parts.group(2));
    if (prefix > first.length * Byte.SIZE) {
      throw notARange(text, "its prefix length must be at most " + first.length * Byte.SIZE);
    }
    if (!Arrays.equals(first, masked(first, prefix))) {
      throw notARange(text, "no bit may be set after the prefix: write the range's first address");
    }
    return new AddressRange(first, prefix);
  }

  boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == first.length && Arrays.equals(first, masked(bytes, prefix));
  }

  private static byte[] masked(byte[] address, int prefix) {
    byte[] masked = new byte[address.length];
    for (int bit = 0; bit < prefix; bit++) {
      masked[bit / Byte.SIZE] |= (byte) (address[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE);
    }
    return masked;
  }

  private static IllegalArgumentException notARange(String text, String fix) {
    return new IllegalArgumentException(
        "\"%s\" is not a range of addresses: %s".formatted(text, fix));
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(first).getHostAddress() + "/" + prefix;
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("it was an address when it was read", e);
    }
  }
}
