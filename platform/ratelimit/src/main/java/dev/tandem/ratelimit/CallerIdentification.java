package dev.tandem.ratelimit;

import dev.tandem.identity.Caller;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whom a call is counted for: the verified caller, else the workload that a sidecar
 * vouches for, else the nearest address that is not one of our own proxies.
 *
 * @param sidecars where Envoy is that ends mutual TLS for this server
 * @param trustedProxies where proxies are that append to {@code x-forwarded-for}
 * @param trustedWorkloads SPIFFE identities of such proxies, behind a sidecar
 */
record CallerIdentification(
    List<AddressRange> sidecars, List<AddressRange> trustedProxies, Set<String> trustedWorkloads) {

  CallerIdentification {
    sidecars = List.copyOf(sidecars);
    trustedProxies = List.copyOf(trustedProxies);
    trustedWorkloads = Set.copyOf(trustedWorkloads);
  }

  CountedCaller identify(Attributes connection, Metadata headers) {
    Optional<Caller> verified = Caller.current();
    if (verified.isPresent()) {
      return new CountedCaller.Verified(verified.get().name());
    }
    if (!(connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress remote)
        || remote.getAddress() == null) {
      return new CountedCaller.Unknown();
    }
    InetAddress peer = remote.getAddress();
    if (isAmong(sidecars, peer)) {
      Optional<String> workload = ForwardedClientCertificate.identity(headers);
      if (workload.isEmpty()) {
        return CountedCaller.Network.of(peer);
      }
      if (!trustedWorkloads.contains(workload.get())) {
        return new CountedCaller.Verified(workload.get());
      }
    } else if (!isAmong(trustedProxies, peer)) {
      return CountedCaller.Network.of(peer);
    }
    return CountedCaller.Network.of(
        ForwardedFor.nearestStranger(peer, headers, hop -> isAmong(trustedProxies, hop)));
  }

  private static boolean isAmong(List<AddressRange> ranges, InetAddress address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
