package dev.tandem.registry;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;

/** Where others reach this host, as far as it can tell by itself. */
final class HostAddress {

  private HostAddress() {}

  /** An address of an interface that leads somewhere, IPv4 before IPv6; else the loopback's. */
  static Address withPort(int port) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(HostAddress::leadsSomewhere)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLinkLocalAddress())
          .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
          .map(address -> new Address(withoutScope(address), port))
          .orElseGet(() -> loopback(port));
    } catch (SocketException _) {
      return loopback(port);
    }
  }

  private static boolean leadsSomewhere(NetworkInterface candidate) {
    try {
      return candidate.isUp() && !candidate.isLoopback();
    } catch (SocketException _) {
      // It has just gone.
      return false;
    }
  }

  /** IPv6 addresses name their interface after a percent sign, which means nothing elsewhere. */
  private static String withoutScope(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  private static Address loopback(int port) {
    return new Address(InetAddress.getLoopbackAddress().getHostAddress(), port);
  }
}
