package dev.tandem.ratelimit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * Headers in which others say for whom they call: the first line is {@code
 * x-forwarded-client-cert}, the others {@code x-forwarded-for}. Whoever is no proxy of ours cannot
 * be counted as somebody else by any of them.
 */
final class ForwardedFuzz {

  private static final CallerIdentification OURS =
      new CallerIdentification(
          List.of(AddressRange.of("127.0.0.0/8")),
          List.of(AddressRange.of("10.0.0.0/8")),
          Set.of("spiffe://cluster.local/ns/istio-system/sa/gateway"));

  private static final Attributes SIDECAR = from("127.0.0.6");
  private static final Attributes PROXY = from("10.1.2.3");
  private static final Attributes STRANGER = from("192.0.2.1");

  private ForwardedFuzz() {}

  private static Attributes from(String address) {
    return Attributes.newBuilder()
        .set(
            Grpc.TRANSPORT_ATTR_REMOTE_ADDR,
            new InetSocketAddress(InetAddress.ofLiteral(address), 1))
        .build();
  }

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    String[] lines = new String(input, ISO_8859_1).split("\n", -1);
    Metadata headers = new Metadata();
    headers.put(ForwardedClientCertificate.HEADER, lines[0]);
    for (int line = 1; line < lines.length; line++) {
      headers.put(ForwardedFor.HEADER, lines[line]);
    }
    OURS.identify(SIDECAR, headers);
    OURS.identify(PROXY, headers);
    CountedCaller without = OURS.identify(STRANGER, new Metadata());
    if (!OURS.identify(STRANGER, headers).equals(without)) {
      throw new AssertionError("a stranger is taken for somebody else");
    }
  }
}
