package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in ranges: their form, their size, and two claims to one address. */
final class AddressMistakesTest {

  @Test
  void aRangeThatIsNotCanonical() {
    assertThat(podSubnet("10.20.5.0/16").mistakes())
        .containsExactly(
            "26:16 podSubnet 10.20.5.0/16 of cluster beijing is not canonical: bits are set after"
                + " the first 16 | write 10.20.0.0/16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.20.0.0 | has no prefix length
          10.20.0.0/40 | has no prefix length from 0 to 32 after the slash
          10.20.0/16 | does not start with four numbers from 0 to 255
          fd00:10:20::/56 | is IPv6, and the clusters use IPv4
          """)
  void aTextThatIsNoRange(String text, String problem) {
    assertThat(podSubnet(text).mistakes())
        .containsExactly(
            "26:16 podSubnet of cluster beijing is no range: \"%s\" %s | write an IPv4 range such as 10.10.0.0/16"
                .formatted(text, problem));
  }

  @Test
  void aRangeThatIsTooSmallForPods() {
    assertThat(podSubnet("10.20.0.0/25").mistakes())
        .containsExactly(
            "26:16 podSubnet 10.20.0.0/25 of cluster beijing is too small | take a /24 at least:"
                + " every node takes a /24 of it, out of 16 bits of them at most");
  }

  @Test
  void aRangeThatIsTooLargeForPods() {
    assertThat(podSubnet("0.0.0.0/0").mistakes())
        .singleElement()
        .asString()
        .startsWith(
            "26:16 podSubnet 0.0.0.0/0 of cluster beijing is too large | take a /8 at most");
  }

  @Test
  void aRangeThatIsTooSmallForServices() {
    assertThat(ThreeClusters.file().with("10.120.0.0/16", "10.120.0.0/28").mistakes())
        .containsExactly(
            "27:20 serviceSubnet 10.120.0.0/28 of cluster beijing is too small | take a /24 at"
                + " least: the API server takes 20 bits at most, the platform's Services need 8");
  }

  @Test
  void aRangeThatIsTooLargeForServices() {
    assertThat(ThreeClusters.file().with("10.120.0.0/16", "11.0.0.0/8").mistakes())
        .singleElement()
        .asString()
        .startsWith("27:20 serviceSubnet 11.0.0.0/8 of cluster beijing is too large");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16", "240.1.0.0/16", "0.0.0.0/8"})
  void aRangeThatIsReserved(String range) {
    assertThat(podSubnet(range).mistakes())
        .singleElement()
        .asString()
        .startsWith("26:16 podSubnet %s of cluster beijing cannot be used:".formatted(range));
  }

  @Test
  void podsThatOverlapAnotherClustersPods() {
    assertThat(podSubnet("10.10.128.0/17").mistakes())
        .containsExactly(
            "26:16 podSubnet of cluster beijing, 10.10.128.0/17, overlaps podSubnet of cluster"
                + " shanghai, 10.10.0.0/16 | write 10.11.0.0/17, which is free");
  }

  @Test
  void podsThatOverlapTheirOwnServices() {
    assertThat(ThreeClusters.file().with("10.120.0.0/16", "10.20.0.0/16").mistakes())
        .containsExactly(
            "27:20 serviceSubnet of cluster beijing, 10.20.0.0/16, overlaps podSubnet of cluster"
                + " beijing, 10.20.0.0/16 | write 10.21.0.0/16, which is free");
  }

  @Test
  void podsThatOverlapTheDockerSubnet() {
    assertThat(podSubnet("172.30.0.0/16").mistakes())
        .containsExactly(
            "26:16 podSubnet of cluster beijing, 172.30.0.0/16, overlaps the Docker subnet,"
                + " 172.30.0.0/16 | write 10.0.0.0/16, which is free");
  }

  @Test
  void rangesThatAreCopiedFromAnotherEntryEachGetAFreeOne() {
    assertThat(
            ThreeClusters.file()
                .with("10.20.0.0/16", "10.10.0.0/16")
                .with("10.120.0.0/16", "10.110.0.0/16")
                .with("172.30.20.0/24", "172.30.10.0/24")
                .mistakes())
        .containsExactly(
            "26:16 podSubnet of cluster beijing, 10.10.0.0/16, overlaps podSubnet of cluster"
                + " shanghai, 10.10.0.0/16 | write 10.11.0.0/16, which is free",
            "27:20 serviceSubnet of cluster beijing, 10.110.0.0/16, overlaps serviceSubnet of"
                + " cluster shanghai, 10.110.0.0/16 | write 10.111.0.0/16, which is free",
            "28:20 loadBalancers of cluster beijing, 172.30.10.0/24, overlaps loadBalancers of"
                + " cluster shanghai, 172.30.10.0/24 | write 172.30.1.0/24, which is free");
  }

  @Test
  void loadBalancersOutsideTheDockerSubnet() {
    assertThat(ThreeClusters.file().with("172.30.20.0/24", "172.31.20.0/24").mistakes())
        .containsExactly(
            "28:20 loadBalancers of cluster beijing, 172.31.20.0/24, is outside the Docker subnet"
                + " 172.30.0.0/16 | write 172.30.1.0/24, which is free");
  }

  @Test
  void loadBalancersAmongTheNodes() {
    assertThat(ThreeClusters.file().with("172.30.20.0/24", "172.30.0.128/25").mistakes())
        .containsExactly(
            "28:20 loadBalancers of cluster beijing, 172.30.0.128/25, overlaps the nodes' part of"
                + " the Docker subnet, 172.30.0.0/24 | write 172.30.1.0/25, which is free");
  }

  @Test
  void tooFewLoadBalancers() {
    assertThat(ThreeClusters.file().with("172.30.20.0/24", "172.30.20.0/30").mistakes())
        .containsExactly(
            "28:20 loadBalancers 172.30.20.0/30 of cluster beijing is too small | take a /29 at"
                + " least: a cluster needs 8 addresses for its gateways");
  }

  @Test
  void aDockerSubnetThatIsUnusableIsReportedOnce() {
    assertThat(ThreeClusters.file().with("172.30.0.0/16", "172.30.0.0").mistakes())
        .containsExactly(
            "7:11 subnet of docker is no range: \"172.30.0.0\" has no prefix length | write an IPv4"
                + " range such as 10.10.0.0/16");
  }

  @Test
  void aDockerSubnetThatIsTooSmall() {
    assertThat(ThreeClusters.file().with("172.30.0.0/16", "172.30.0.0/28").mistakes())
        .containsExactly(
            "7:11 subnet 172.30.0.0/28 of docker is too small | take a /24 at least: nodes and load"
                + " balancers share it");
  }

  @Test
  void aDockerSubnetWithoutRoomForAnotherCluster() {
    String text =
        ThreeClusters.file()
            .with("subnet: 172.30.0.0/16", "subnet: 192.168.9.0/24")
            .with("172.30.10.0/24", "192.168.9.64/26")
            .with("172.30.20.0/24", "192.168.9.128/25")
            .with("172.30.30.0/24", "192.168.9.192/26")
            .text();

    assertThat(ThreeClusters.mistakesIn(text))
        .containsExactly(
            "37:20 loadBalancers of cluster singapore, 192.168.9.192/26, overlaps loadBalancers of"
                + " cluster beijing, 192.168.9.128/25 | choose one that overlaps nothing else");
  }

  private static ThreeClusters podSubnet(String range) {
    return ThreeClusters.file().with("podSubnet: 10.20.0.0/16", "podSubnet: " + range);
  }
}
