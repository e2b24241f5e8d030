package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopologyFileTest {

  @Test
  void readsEveryValue() {
    Topology topology = ThreeClusters.file().topology();

    assertThat(topology.mesh()).isEqualTo(new Mesh("tandem", "cluster.local"));
    assertThat(topology.docker())
        .isEqualTo(new DockerNetwork("tandem", AddressRange.of("172.30.0.0/16")));
    assertThat(topology.databaseCluster()).isEqualTo("shanghai");
    assertThat(topology.telemetryCluster()).isEqualTo("shanghai");
    assertThat(topology.clusters())
        .extracting(Cluster::name)
        .containsExactly("shanghai", "beijing", "singapore");
    assertThat(topology.cluster("singapore"))
        .contains(
            new Cluster(
                3,
                "singapore",
                new Provider.Kind(
                    "tandem-singapore",
                    AddressRange.of("10.30.0.0/16"),
                    AddressRange.of("10.130.0.0/16")),
                "ap-southeast",
                "ap-southeast-1a",
                "singapore",
                new ControlPlane.Primary(),
                AddressRange.of("172.30.30.0/24")));
  }

  @Test
  void derivesWhatKindCallsACluster() {
    Cluster beijing = ThreeClusters.file().topology().cluster("beijing").orElseThrow();

    assertThat(beijing.context()).isEqualTo("kind-tandem-beijing");
    assertThat(beijing.primary()).isEqualTo("beijing");
  }

  @Test
  void keepsNodesAndLoadBalancersApartInTheDockerSubnet() {
    DockerNetwork docker = ThreeClusters.file().topology().docker();

    assertThat(docker.gateway()).isEqualTo("172.30.0.1");
    assertThat(docker.nodeRange()).hasToString("172.30.0.0/24");
    assertThat(new DockerNetwork("small", AddressRange.of("192.168.9.0/24")).nodeRange())
        .hasToString("192.168.9.0/26");
  }

  @Test
  void readsTheRepositorysOwnFile() {
    assertThat(TopologyFile.read(Path.of("../../clusters/topology.yaml")))
        .isInstanceOf(TopologyReading.Valid.class);
  }

  @Test
  void fillsInWhatIsLeftOut() {
    String smallest =
        """
        apiVersion: tandem.dev/v1
        database:
          cluster: alone
        clusters:
          - name: alone
            region: here
            zone: here-1
            podSubnet: 10.10.0.0/16
            serviceSubnet: 10.110.0.0/16
            loadBalancers: 172.30.10.0/24
        """;

    TopologyReading reading = TopologyFile.parse("topology.yaml", smallest);

    assertThat(reading)
        .isEqualTo(
            new TopologyReading.Valid(
                new Topology(
                    new Mesh("tandem", "cluster.local"),
                    new DockerNetwork("tandem", AddressRange.of("172.30.0.0/16")),
                    "alone",
                    "alone",
                    java.util.List.of(
                        new Cluster(
                            1,
                            "alone",
                            new Provider.Kind(
                                "tandem-alone",
                                AddressRange.of("10.10.0.0/16"),
                                AddressRange.of("10.110.0.0/16")),
                            "here",
                            "here-1",
                            "alone",
                            new ControlPlane.Primary(),
                            AddressRange.of("172.30.10.0/24"))))));
  }

  @Test
  void letsOneControlPlaneServeAnotherCluster() {
    Topology topology =
        ThreeClusters.file()
            .with("network: beijing\n    controlPlane: primary", "controlPlane: shanghai")
            .topology();

    Cluster beijing = topology.cluster("beijing").orElseThrow();
    assertThat(beijing.controlPlane()).isEqualTo(new ControlPlane.Remote("shanghai"));
    assertThat(beijing.primary()).isEqualTo("shanghai");
    Cluster shanghai = topology.cluster("shanghai").orElseThrow();
    assertThat(topology.remotesOf(shanghai)).containsExactly(beijing);
    assertThat(topology.remotesOf(beijing)).isEmpty();
  }

  @Test
  void takesAClusterThatExists() {
    Topology topology =
        ThreeClusters.file()
            .with("name: beijing\n    provider: kind", "name: beijing\n    provider: existing")
            .with("podSubnet: 10.20.0.0/16", "context: admin@beijing.example")
            .without("serviceSubnet: 10.120.0.0/16")
            .with("loadBalancers: 172.30.20.0/24", "loadBalancers: 203.0.113.0/28")
            .topology();

    Cluster beijing = topology.cluster("beijing").orElseThrow();
    assertThat(beijing.provider()).isEqualTo(new Provider.Existing("admin@beijing.example"));
    assertThat(beijing.context()).isEqualTo("admin@beijing.example");
    assertThat(beijing.loadBalancers()).hasToString("203.0.113.0/28");
  }

  @Test
  void readsAnchorsAndFlowStyle() {
    String text =
        """
        {apiVersion: tandem.dev/v1, database: {cluster: &only alone}, clusters: [
          {name: *only, region: &r here, zone: *r, podSubnet: 10.10.0.0/16,
           serviceSubnet: 10.110.0.0/16, loadBalancers: 172.30.10.0/24}]}
        """;

    assertThat(ThreeClusters.mistakesIn(text)).isEmpty();
  }

  @Test
  void saysThatAFileIsMissing(@TempDir Path directory) {
    Path file = directory.resolve("none.yaml");

    assertThat(onlyMistake(file))
        .isEqualTo(file + ":1:1: cannot be read: it does not exist\n    fix: name another file");
  }

  @Test
  void saysThatAFileIsADirectory(@TempDir Path directory) {
    assertThat(onlyMistake(directory)).contains(":1:1: cannot be read: it is a directory");
  }

  @Test
  void saysThatAFileIsNotText(@TempDir Path directory) throws IOException {
    Path file =
        Files.write(directory.resolve("latin1.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});

    assertThat(onlyMistake(file)).contains("it is not UTF-8 text");
  }

  @Test
  void saysThatAFileIsTooLarge(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("large.yaml"), "#".repeat((1 << 20) + 1));

    assertThat(onlyMistake(file)).contains("it is larger than 1 MiB");
  }

  private static String onlyMistake(Path file) {
    TopologyReading reading = TopologyFile.read(file);
    assertThat(reading).isInstanceOf(TopologyReading.Invalid.class);
    assertThat(((TopologyReading.Invalid) reading).diagnostics()).hasSize(1);
    return ((TopologyReading.Invalid) reading).diagnostics().getFirst().toString();
  }
}
