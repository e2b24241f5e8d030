package dev.tandem.caller.calls;

/**
 * Where calls go.
 *
 * @param host a name or an address
 * @param port a TCP port
 */
public record Target(String host, int port) {
  public Target {
    if (host.isBlank() || port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "target is '%s:%d': it has to be host:port, such as user:9000".formatted(host, port));
    }
  }

  /** Reads {@code host:port}. */
  public static Target parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        return new Target(
            text.substring(0, colon), Integer.parseInt(text, colon + 1, text.length(), 10));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(malformed(text), e);
    }
    throw new IllegalArgumentException(malformed(text));
  }

  private static String malformed(String text) {
    return "target is '%s': it has to be host:port, such as user:9000".formatted(text);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
