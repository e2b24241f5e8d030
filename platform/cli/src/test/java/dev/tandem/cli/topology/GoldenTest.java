package dev.tandem.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.CommandRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class GoldenTest {

  private static final String IMAGE = "registry.tandem.internal/node:v1.37.2";

  @ParameterizedTest
  @ValueSource(strings = {"three-clusters", "primary-remote"})
  void printsTheTopologyAsJson(String file) throws IOException {
    Golden.assertMatches(outputOf(file, "--output", "json"), file + ".json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"three-clusters", "primary-remote"})
  void printsTheTopologyAsATable(String file) throws IOException {
    Golden.assertMatches(outputOf(file), file + ".txt");
  }

  @ParameterizedTest
  @CsvSource({
    "three-clusters, shanghai, v2",
    "three-clusters, beijing, v1",
    "three-clusters, singapore, v2",
    "primary-remote, beijing, v2",
  })
  void printsKindsConfiguration(String file, String cluster, String cgroup) throws IOException {
    String config = outputOf(file, "kind-config", cluster, "--image", IMAGE, "--cgroup", cgroup);

    Golden.assertMatches(config, "%s-%s-%s.kind.yaml".formatted(file, cluster, cgroup));
  }

  @ParameterizedTest
  @CsvSource({
    "three-clusters, shanghai",
    "three-clusters, beijing",
    "three-clusters, singapore",
    "primary-remote, shanghai",
    "primary-remote, beijing",
    "primary-remote, singapore",
  })
  void printsHelmValues(String file, String cluster) throws IOException {
    Golden.assertMatches(
        outputOf(file, "values", cluster), "%s-%s.values.yaml".formatted(file, cluster));
  }

  /** A golden file holds what was printed once, right or wrong: kind must find each key too. */
  @Test
  void putsEachPatchWhereKindAndKubeadmLookForIt() {
    Map<?, ?> config =
        (Map<?, ?>)
            yaml(
                outputOf(
                    "three-clusters",
                    "kind-config",
                    "beijing",
                    "--cgroup",
                    "v1",
                    "--certs-d",
                    "/srv/mirrors \"of\" ours"));

    List<?> kubeadmPatches = (List<?>) config.get("kubeadmConfigPatches");
    assertThat(kubeadmPatches)
        .singleElement()
        .extracting(GoldenTest::yaml)
        .isEqualTo(
            Map.of(
                "apiVersion",
                "kubelet.config.k8s.io/v1beta1",
                "kind",
                "KubeletConfiguration",
                "failCgroupV1",
                false,
                "cgroupDriver",
                "cgroupfs",
                "serializeImagePulls",
                false,
                "featureGates",
                Map.of("KubeletInUserNamespace", true)));
    assertThat((List<?>) config.get("containerdConfigPatches"))
        .hasSize(2)
        .allSatisfy(patch -> assertThat((String) patch).startsWith("version = 2\n[plugins."))
        .first()
        .asString()
        .contains("config_path = \"/etc/containerd/certs.d\"");
    assertThat((List<?>) config.get("nodes"))
        .singleElement()
        .isEqualTo(
            Map.of(
                "role", "control-plane",
                "labels",
                    Map.of(
                        "topology.kubernetes.io/region", "cn-north",
                        "topology.kubernetes.io/zone", "cn-north-1a"),
                "extraMounts",
                    List.of(
                        Map.of(
                            "hostPath", "/srv/mirrors \"of\" ours",
                            "containerPath", "/etc/containerd/certs.d",
                            "readOnly", true))));
  }

  private static Object yaml(Object text) {
    return new Load(LoadSettings.builder().build()).loadFromString((String) text);
  }

  private static String outputOf(String file, String... arguments) {
    List<String> all = new ArrayList<>(List.of("topology"));
    all.add("--file");
    all.add(Golden.RESOURCES.resolve(file + ".yaml").toString());
    all.addAll(List.of(arguments));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out();
  }
}
