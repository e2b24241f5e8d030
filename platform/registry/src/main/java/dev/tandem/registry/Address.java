package dev.tandem.registry;

/**
 * Where an instance takes calls.
 *
 * @param host an IP address, or a name that the instance's clients can resolve
 * @param port 1 to 65535
 */
public record Address(String host, int port) {

  private static final int HIGHEST_PORT = 65_535;

  public Address {
    if (host.isEmpty() || host.chars().anyMatch(Address::cannotBeInHost)) {
      throw new IllegalArgumentException("\"%s\" is no host".formatted(host));
    }
    if (port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("%d is no port: choose 1 to 65535".formatted(port));
    }
  }

  private static boolean cannotBeInHost(int character) {
    return character <= ' ' || character > '~' || "/[]@?#".indexOf(character) >= 0;
  }

  /**
   * Reads {@code host:port}, or {@code [host]:port} for IPv6.
   *
   * @throws IllegalArgumentException when the text is neither, naming the fix
   */
  public static Address of(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0));
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (colon < 1 || (!bracketed && host.indexOf(':') >= 0)) {
      throw notAnAddress(text);
    }
    try {
      return new Address(
          bracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(notAnAddress(text).getMessage(), e);
    }
  }

  private static IllegalArgumentException notAnAddress(String text) {
    return new IllegalArgumentException(
        "\"%s\" is no address: write host:port, or [host]:port for IPv6".formatted(text));
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? "%s:%d" : "[%s]:%d").formatted(host, port);
  }
}
