package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in names, in providers and in what clusters say about each other. */
final class ClusterMistakesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Beijing | may hold only a-z, 0-9 and inner hyphens (RFC 1123)
          bei_jing | may hold only a-z, 0-9 and inner hyphens (RFC 1123)
          beijing- | may hold only a-z, 0-9 and inner hyphens (RFC 1123)
          bei.jing | may hold only a-z, 0-9 and inner hyphens (RFC 1123)
          北京 | may hold only a-z, 0-9 and inner hyphens (RFC 1123)
          2beijing | must start with a letter
          abcdefghijklmnopqrstuvwxyz-012345 | has 33 characters; 32 is the limit
          """)
  void aName(String name, String problem) {
    assertThat(ThreeClusters.file().with("name: beijing", "name: " + name).mistakes())
        .containsExactly(
            "20:11 name \"%1$s\" of cluster %1$s %2$s | choose another one"
                .formatted(name, problem));
  }

  @Test
  void aClusterThatIsCalledPrimary() {
    assertThat(ThreeClusters.file().with("name: beijing", "name: primary").mistakes())
        .containsExactly(
            "20:11 a cluster cannot be named \"primary\": controlPlane has that word | choose"
                + " another name");
  }

  @Test
  void aRegionThatIsNoValueOfALabel() {
    assertThat(ThreeClusters.file().with("region: cn-north", "region: cn/north").mistakes())
        .containsExactly(
            "22:13 region \"cn/north\" of cluster beijing may hold only letters, digits and inner"
                + " hyphens, dots and underscores | choose another one");
  }

  @Test
  void aZoneThatIsTooLong() {
    assertThat(ThreeClusters.file().with("zone: cn-north-1a", "zone: " + "z".repeat(64)).mistakes())
        .singleElement()
        .asString()
        .startsWith("23:11 zone")
        .contains("has 64 characters; 63 is the limit");
  }

  @Test
  void aTrustDomainThatIsNoDnsName() {
    assertThat(ThreeClusters.file().with("cluster.local", "cluster..local").mistakes())
        .containsExactly(
            "4:16 trustDomain \"cluster..local\" of mesh must be a DNS name in lower case, such as"
                + " cluster.local | choose another one");
  }

  @Test
  void aDockerNetworkThatIsDockersOwn() {
    assertThat(ThreeClusters.file().with("network: tandem", "network: bridge").mistakes())
        .containsExactly(
            "6:12 network \"bridge\" of docker is a network that Docker itself defines | choose"
                + " another one");
  }

  @Test
  void missingKeys() {
    assertThat(
            ThreeClusters.file()
                .without("region: cn-north")
                .without("zone: cn-north-1a")
                .without("podSubnet: 10.20.0.0/16")
                .without("serviceSubnet: 10.120.0.0/16")
                .without("loadBalancers: 172.30.20.0/24")
                .mistakes())
        .containsExactly(
            "20:5 cluster beijing has no region | add \"region: cn-east\"",
            "20:5 cluster beijing has no zone | add \"zone: cn-east-1a\"",
            "20:5 cluster beijing has no podSubnet | add \"podSubnet: 10.11.0.0/16\", which is free",
            "20:5 cluster beijing has no serviceSubnet | add \"serviceSubnet: 10.111.0.0/16\", which"
                + " is free",
            "20:5 cluster beijing has no loadBalancers | add \"loadBalancers: 172.30.1.0/24\", which"
                + " is free");
  }

  @Test
  void aClusterWithoutName() {
    assertThat(ThreeClusters.file().with("name: beijing\n    provider", "provider").mistakes())
        .containsExactly("20:5 cluster number 2 has no name | add \"name: shanghai\"");
  }

  @Test
  void aNameThatIsTaken() {
    assertThat(
            ThreeClusters.file()
                .with("name: beijing", "name: shanghai")
                .with("    network: beijing\n", "")
                .mistakes())
        .containsExactly(
            "20:11 name \"shanghai\" of cluster shanghai is taken already, in line 11 | every"
                + " cluster has a name of its own: choose another one");
  }

  @Test
  void aNetworkThatIsTaken() {
    assertThat(ThreeClusters.file().with("network: beijing", "network: shanghai").mistakes())
        .containsExactly(
            "24:14 network \"shanghai\" of cluster beijing is taken already, in line 15 | every"
                + " cluster has a network of its own: choose another one");
  }

  @Test
  void aNetworkThatIsTakenByTheNameOfACluster() {
    assertThat(
            ThreeClusters.file()
                .without("network: shanghai")
                .with("network: beijing", "network: shanghai")
                .mistakes())
        .containsExactly(
            "23:14 network \"shanghai\" of cluster beijing is taken already, in line 11 | every"
                + " cluster has a network of its own: choose another one");
  }

  @Test
  void anUnknownProvider() {
    assertThat(
            ThreeClusters.file()
                .with("beijing\n    provider: kind", "beijing\n    provider: kin")
                .mistakes())
        .containsExactly(
            "21:15 unknown provider \"kin\" of cluster beijing | did you mean \"kind\"?");
  }

  @Test
  void anExistingClusterWithoutContextAndWithKindsKeys() {
    assertThat(
            ThreeClusters.file()
                .with("beijing\n    provider: kind", "beijing\n    provider: existing")
                .mistakes())
        .containsExactly(
            "20:5 cluster beijing has no context | add \"context: my-cluster\"",
            "26:5 podSubnet of cluster beijing: an existing cluster has its ranges already | remove"
                + " the line: it is for provider kind only",
            "27:5 serviceSubnet of cluster beijing: an existing cluster has its ranges already |"
                + " remove the line: it is for provider kind only");
  }

  @Test
  void anExistingClusterWhoseGatewaysAreNowhere() {
    assertThat(
            ThreeClusters.file()
                .with("beijing\n    provider: kind", "beijing\n    provider: existing")
                .with("podSubnet: 10.20.0.0/16", "context: beijing")
                .without("serviceSubnet: 10.120.0.0/16")
                .without("loadBalancers: 172.30.20.0/24")
                .mistakes())
        .containsExactly(
            "20:5 cluster beijing has no loadBalancers | add \"loadBalancers: 203.0.113.0/28\"");
  }

  @Test
  void aContextThatKindChooses() {
    assertThat(ThreeClusters.file().with("network: beijing", "context: beijing").mistakes())
        .containsExactly(
            "24:5 context of cluster beijing: kind chooses the context itself | remove the line, or"
                + " write provider: existing");
  }

  @Test
  void anExistingClusterThatIsOneOfKinds() {
    assertThat(
            ThreeClusters.file()
                .with("beijing\n    provider: kind", "beijing\n    provider: existing")
                .with("podSubnet: 10.20.0.0/16", "context: kind-tandem-shanghai")
                .without("serviceSubnet: 10.120.0.0/16")
                .mistakes())
        .containsExactly(
            "26:14 context \"kind-tandem-shanghai\" of cluster beijing is taken already, in line 11 |"
                + " every cluster has a context of its own: choose another one");
  }

  @Test
  void aControlPlaneThatIsNoCluster() {
    assertThat(controlPlaneOf("beijing", "shangai").mistakes())
        .containsExactly(
            "25:19 the control plane \"shangai\" of cluster beijing is not among the clusters | did"
                + " you mean \"shanghai\"?");
  }

  @Test
  void aControlPlaneThatIsNowhereNearAName() {
    assertThat(controlPlaneOf("beijing", "none").mistakes())
        .containsExactly(
            "25:19 the control plane \"none\" of cluster beijing is not among the clusters | choose"
                + " from: primary, shanghai, singapore");
  }

  @Test
  void aControlPlaneThatIsItself() {
    assertThat(controlPlaneOf("beijing", "beijing").mistakes())
        .containsExactly(
            "25:19 cluster beijing names itself as its control plane | write controlPlane: primary");
  }

  @Test
  void aControlPlaneThatIsARemote() {
    assertThat(
            controlPlaneOf("beijing", "shanghai")
                .with("network: singapore\n    controlPlane: primary", "controlPlane: beijing")
                .mistakes())
        .containsExactly(
            "33:19 the control plane of cluster singapore is beijing, which is a remote itself |"
                + " choose from: primary, shanghai");
  }

  @Test
  void controlPlanesInACycle() {
    assertThat(
            controlPlaneOf("beijing", "singapore")
                .with(
                    "network: singapore\n    controlPlane: primary",
                    "network: singapore\n    controlPlane: beijing")
                .mistakes())
        .containsExactly(
            "25:19 the control plane of cluster beijing is a cycle: beijing → singapore → beijing |"
                + " give one of them controlPlane: primary",
            "34:19 the control plane of cluster singapore is a cycle: singapore → beijing →"
                + " singapore | give one of them controlPlane: primary");
  }

  @Test
  void aDatabaseInNoCluster() {
    assertThat(ThreeClusters.file().with("cluster: shanghai", "cluster: shangai").mistakes())
        .containsExactly(
            "9:12 the database's cluster \"shangai\" is not among the clusters | did you mean"
                + " \"shanghai\"?");
  }

  @Test
  void telemetryInAClusterOfItsOwn() {
    assertThat(
            ThreeClusters.file()
                .with("clusters:", "telemetry:\n  cluster: singapore\nclusters:")
                .topology()
                .telemetryCluster())
        .isEqualTo("singapore");
  }

  @Test
  void telemetryInNoCluster() {
    assertThat(
            ThreeClusters.file()
                .with("clusters:", "telemetry:\n  cluster: bejing\nclusters:")
                .mistakes())
        .containsExactly(
            "11:12 the telemetry's cluster \"bejing\" is not among the clusters | did you mean"
                + " \"beijing\"?");
  }

  @Test
  void tooManyClusters() {
    var text = new StringBuilder("apiVersion: tandem.dev/v1\ndatabase: {cluster: c1}\nclusters:\n");
    for (int i = 1; i <= 256; i++) {
      text.append(
          "  - {name: c%1$d, provider: existing, context: c%1$d, region: r, zone: z, loadBalancers: 0.0.0.0/0}\n"
              .formatted(i));
    }

    assertThat(ThreeClusters.mistakesIn(text.toString()))
        .containsExactly(
            "4:3 clusters lists 256 clusters | keep 255 at most: Cilium numbers clusters from 1 to"
                + " 255");
  }

  @Test
  void allMistakesAtOnceAndInTheOrderOfTheFile() {
    List<String> mistakes =
        ThreeClusters.file()
            .with("trustDomain: cluster.local", "trustdomain: cluster.local")
            .with("cluster: shanghai", "cluster: tokyo")
            .with("network: beijing", "network: shanghai")
            .with("podSubnet: 10.30.0.0/16", "podSubnet: 10.10.0.0/16")
            .with("loadBalancers: 172.30.30.0/24", "loadBalancers: 172.31.30.0/24")
            .mistakes();

    assertThat(mistakes)
        .extracting(mistake -> mistake.substring(0, mistake.indexOf(' ')))
        .containsExactly("4:3", "9:12", "24:14", "35:16", "37:20");
  }

  private static ThreeClusters controlPlaneOf(String cluster, String controlPlane) {
    String network = "network: %s\n    controlPlane: ".formatted(cluster);
    return ThreeClusters.file().with(network + "primary", network + controlPlane);
  }
}
