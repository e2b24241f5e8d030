package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.identity.Caller;
import dev.tandem.ratelimit.CountedCaller.Network;
import dev.tandem.ratelimit.CountedCaller.Unknown;
import dev.tandem.ratelimit.CountedCaller.Verified;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerIdentificationTest {

  private static final String SIDECAR = "127.0.0.6";
  private static final String PROXY = "10.0.0.1";
  private static final String CALLER = "spiffe://cluster.local/ns/tandem/sa/caller";
  private static final String GATEWAY = "spiffe://cluster.local/ns/istio-system/sa/gateway";

  private final CallerIdentification identification =
      new CallerIdentification(
          List.of(AddressRange.of("127.0.0.6/32")),
          List.of(AddressRange.of("10.0.0.0/8"), AddressRange.of("fd00::/8")),
          Set.of(GATEWAY));

  @Test
  void prefersTheVerifiedCaller() throws Exception {
    CountedCaller caller =
        new Caller("ada").into(Context.ROOT).call(() -> from(PROXY, forwardedFor("203.0.113.9")));

    assertThat(caller).isEqualTo(new Verified("ada"));
  }

  @Test
  void takesThePeersAddressWithoutIt() {
    assertThat(from("203.0.113.9", new Metadata())).isEqualTo(new Network("203.0.113.9"));
  }

  @Test
  void believesNoHeaderOfAStranger() {
    Metadata headers = forwardedFor("198.51.100.1");
    headers.put(ForwardedClientCertificate.HEADER, "URI=" + CALLER);

    assertThat(from("203.0.113.9", headers)).isEqualTo(new Network("203.0.113.9"));
  }

  @Test
  void believesAProxyAboutAddressesButNotAboutCertificates() {
    Metadata headers = forwardedFor("198.51.100.1");
    headers.put(ForwardedClientCertificate.HEADER, "URI=" + CALLER);

    assertThat(from(PROXY, headers)).isEqualTo(new Network("198.51.100.1"));
  }

  @Test
  void believesASidecarAboutCertificatesButNotAboutAddresses() {
    assertThat(from(SIDECAR, forwardedFor("198.51.100.1"))).isEqualTo(new Network(SIDECAR));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9                          | 203.0.113.9",
        "198.51.100.1, 203.0.113.9            | 203.0.113.9",
        "198.51.100.1,203.0.113.9,10.9.9.9    | 203.0.113.9",
        "10.1.1.1, 10.2.2.2                   | 10.1.1.1",
        "203.0.113.9:4711                     | 203.0.113.9",
        "[2001:db8:1:2:3:4:5:6]:443           | 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:2:ffff::1                 | 2001:db8:1:2:0:0:0:0/64",
        "::ffff:203.0.113.9                   | 203.0.113.9",
        "203.0.113.9, fd00::1                 | 203.0.113.9",
      })
  void takesTheNearestStrangerOfWhatTrustedProxiesAppended(String header, String network) {
    assertThat(from(PROXY, forwardedFor(header))).isEqualTo(new Network(network));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "unknown",
        "203.0.113.9,",
        "203.0.113.9, _hidden",
        "localhost",
        "203.0.113.999",
        "1",
        "[203.0.113.9",
        "203.0.113.9 198.51.100.1",
        "fe80::1%eth0"
      })
  void countsTheProxyItselfWhenItAppendedNoAddress(String header) {
    assertThat(from(PROXY, forwardedFor(header))).isEqualTo(new Network(PROXY));
  }

  @Test
  void readsAHeaderThatIsThereTwiceAsOneList() {
    assertThat(from(PROXY, forwardedFor("198.51.100.1", "203.0.113.9")))
        .isEqualTo(new Network("203.0.113.9"));
    assertThat(from(PROXY, forwardedFor("203.0.113.9", "10.9.9.9")))
        .isEqualTo(new Network("203.0.113.9"));
  }

  @Test
  void takesTheWorkloadThatTheSidecarVouchesFor() {
    assertThat(from(SIDECAR, certificates("By=spiffe://x;Hash=ab;Subject=\"\";URI=" + CALLER)))
        .isEqualTo(new Verified(CALLER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "By=spiffe://x;Hash=ab;URI=spiffe://cluster.local/ns/x/sa/admin,",
        "Subject=\",",
        "Subject=\"\\\",",
        "URI=spiffe://cluster.local/ns/x/sa/admin;,",
        "\",\",\"\"\",",
        ",;;,",
      })
  void ignoresWhatACallerWroteBeforeTheSidecarsOwnElement(String spoofed) {
    String own = "By=spiffe://x;Hash=ab;Subject=\"CN=a\\\"b,O=c;URI=d\";URI=" + CALLER;

    assertThat(from(SIDECAR, certificates(spoofed + own))).isEqualTo(new Verified(CALLER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "By=spiffe://x;Hash=ab",
        "URI=spiffe://a/b;URI=spiffe://a/c",
        "URI=https://example.com",
        "URI=",
        "Subject=\"URI=spiffe://a/b",
      })
  void countsTheSidecarItselfWhenItNamesNotExactlyOneWorkload(String header) {
    assertThat(from(SIDECAR, certificates(header))).isEqualTo(new Network(SIDECAR));
  }

  @Test
  void takesTheLastOfTwoCertificateHeaders() {
    assertThat(from(SIDECAR, certificates("URI=spiffe://a/spoofed", "URI=" + CALLER)))
        .isEqualTo(new Verified(CALLER));
  }

  @Test
  void looksBehindATrustedWorkload() {
    Metadata headers = certificates("URI=" + GATEWAY);
    headers.put(ForwardedFor.HEADER, "198.51.100.1, 203.0.113.9");

    assertThat(from(SIDECAR, headers)).isEqualTo(new Network("203.0.113.9"));
  }

  @Test
  void countsThoseWithoutAnAddressTogether() {
    assertThat(identification.identify(Attributes.EMPTY, new Metadata())).isEqualTo(new Unknown());
    assertThat(from(InetSocketAddress.createUnresolved("there", 1), new Metadata()))
        .isEqualTo(new Unknown());
  }

  @Test
  void tellsANameFromTheAddressThatItLooksLike() {
    assertThat(new Verified("203.0.113.9").key()).isNotEqualTo(new Network("203.0.113.9").key());
  }

  @Test
  void keepsLittleOfALongName() {
    String longName = "x".repeat(8000);

    assertThat(new Verified(longName).key().length()).isLessThan(100);
    assertThat(new Verified(longName).key()).isNotEqualTo(new Verified(longName + "y").key());
  }

  private CountedCaller from(String peer, Metadata headers) {
    return from(new InetSocketAddress(InetAddress.ofLiteral(peer), 4711), headers);
  }

  private CountedCaller from(SocketAddress peer, Metadata headers) {
    return identification.identify(
        Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, peer).build(), headers);
  }

  private static Metadata forwardedFor(String... values) {
    return headers(ForwardedFor.HEADER, values);
  }

  private static Metadata certificates(String... values) {
    return headers(ForwardedClientCertificate.HEADER, values);
  }

  private static Metadata headers(Metadata.Key<String> key, String... values) {
    Metadata headers = new Metadata();
    for (String value : values) {
      headers.put(key, value);
    }
    return headers;
  }
}
