package dev.tandem.e2e;

import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.tool.Tool;
import dev.tandem.topology.Provider;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A pod that speaks xDS to istiod itself. Istio's template {@code grpc-agent} gives it an agent,
 * which fetches certificates and writes the bootstrap, and no Envoy. Its Java is the caller's
 * image; what it runs is this test's own class path, copied to kind's node, because no image of the
 * platform carries grpc-xds.
 */
final class ProxylessPod {

  private static final String NAME = "proxyless";
  private static final String CLASSES = "/var/lib/tandem-proxyless";
  private static final String CONTAINER = "client";

  /** What its channel is told, as a service's would be. */
  private static final Map<String, String> CHANNEL =
      Map.of(
          "TANDEM_TRANSPORT_CHANNELS_USER_TARGET",
          "user.tandem.svc.cluster.local:9000",
          "TANDEM_TRANSPORT_CHANNELS_USER_XDS",
          "true");

  private final LiveCluster cluster;

  private ProxylessPod(LiveCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts it; {@code undo} removes it and what was copied. */
  static ProxylessPod startIn(LiveCluster cluster, Path root, Undo undo) {
    if (!(cluster.entry().provider() instanceof Provider.Kind kind)) {
      throw new IllegalArgumentException(
          "%s is not kind's: classes cannot be copied to its nodes".formatted(cluster));
    }
    ProxylessPod pod = new ProxylessPod(cluster);
    Tool docker = Tool.named(root, "docker");
    String node = kind.clusterName() + "-control-plane";
    undo.add("remove the classes on " + node, () -> docker.run("exec", node, "rm", "-rf", CLASSES));
    undo.add("remove the proxyless pod of " + cluster, pod::remove);
    pod.remove();
    copyClasses(docker, node);
    pod.create();
    return pod;
  }

  private static void copyClasses(Tool docker, String node) {
    try {
      Path folder = Files.createTempDirectory("proxyless");
      try {
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
          // In their order: the first of two that have the same class wins.
          copy(Path.of(entry), folder.resolve("%03d".formatted(number)));
          number++;
        }
        docker.run("exec", node, "rm", "-rf", CLASSES).orFail();
        docker.run("cp", folder.toString(), node + ":" + CLASSES).orFail();
        docker.run("exec", node, "chmod", "-R", "a+rX", CLASSES).orFail();
      } finally {
        try (Stream<Path> files = Files.walk(folder)) {
          files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path entry, Path to) throws IOException {
    if (Files.isRegularFile(entry)) {
      Files.createDirectories(to);
      Files.copy(entry, to.resolve(entry.getFileName()));
    } else if (Files.isDirectory(entry)) {
      try (Stream<Path> files = Files.walk(entry)) {
        for (Path file : files.toList()) {
          Path target = to.resolve(entry.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
          } else {
            Files.copy(file, target);
          }
        }
      }
    }
  }

  /** Numbered folders as {@link #copyClasses} made them: classes themselves, or a jar in each. */
  private static String classPath() {
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    StringBuilder path = new StringBuilder();
    for (int number = 0; number < entries.length; number++) {
      Path entry = Path.of(entries[number]);
      String folder = "%s/%03d".formatted(CLASSES, number);
      path.append(number == 0 ? "" : ":")
          .append(Files.isDirectory(entry) ? folder : folder + "/" + entry.getFileName());
    }
    return path.toString();
  }

  private void create() {
    PodSpec caller =
        cluster
            .kubernetes()
            .apps()
            .deployments()
            .inNamespace(LiveCluster.NAMESPACE)
            .withName("caller")
            .require()
            .getSpec()
            .getTemplate()
            .getSpec();
    Container container = caller.getContainers().getFirst();
    var builder =
        new PodBuilder()
            .withNewMetadata()
            .withName(NAME)
            // Policies of the network know callers by their labels.
            .addToLabels("app.kubernetes.io/name", "caller")
            .addToLabels("app.kubernetes.io/instance", "caller")
            .addToLabels("app.kubernetes.io/component", "service")
            .addToLabels("sidecar.istio.io/inject", "true")
            .addToAnnotations("inject.istio.io/templates", "grpc-agent")
            // The agent writes keys as PKCS #1, unless told; Java reads PKCS #8.
            .addToAnnotations("proxy.istio.io/config", "proxyMetadata: {PKCS8_KEY: \"true\"}")
            .endMetadata()
            .withSpec(caller)
            .editSpec()
            .withRestartPolicy("Never")
            .withTerminationGracePeriodSeconds(1L)
            .withTopologySpreadConstraints(List.of())
            // Never met: it carries a Service's labels, and must not be sent its calls.
            .addNewReadinessGate("tandem.dev/never-serves")
            .addNewVolume()
            .withName("classes")
            .withNewHostPath()
            .withPath(CLASSES)
            .withType("Directory")
            .endHostPath()
            .endVolume()
            .editFirstContainer()
            .withName(CONTAINER)
            .withCommand("/opt/java/bin/java", "-Xmx128m", "-cp", classPath())
            .withArgs(ProxylessClient.class.getName())
            .withPorts(List.of())
            .withReadinessProbe(null)
            .withLivenessProbe(null)
            .withStartupProbe(null)
            .withLifecycle(null)
            .addNewVolumeMount()
            .withName("classes")
            .withMountPath(CLASSES)
            .withReadOnly(true)
            .endVolumeMount()
            .endContainer()
            .endSpec();
    Pod pod = builder.build();
    Container client = pod.getSpec().getContainers().getFirst();
    client.setEnv(
        Stream.concat(
                container.getEnv().stream()
                    .filter(variable -> !variable.getName().equals("JAVA_TOOL_OPTIONS")),
                CHANNEL.entrySet().stream()
                    .map(setting -> new EnvVar(setting.getKey(), setting.getValue(), null)))
            .toList());
    cluster.kubernetes().pods().inNamespace(LiveCluster.NAMESPACE).resource(pod).create();
  }

  /** What it has written so far. */
  List<String> lines() {
    Tool.Output log =
        cluster
            .kubectl()
            .run("--namespace=" + LiveCluster.NAMESPACE, "logs", NAME, "--container=" + CONTAINER);
    return Arrays.asList(log.all().split("\n"));
  }

  /** Whether an Envoy answers in it. */
  boolean runsEnvoy() {
    return cluster
            .kubectl()
            .run(
                "--namespace=" + LiveCluster.NAMESPACE,
                "exec",
                NAME,
                "--container=istio-proxy",
                "--",
                "pilot-agent",
                "request",
                "GET",
                "server_info")
            .exitCode()
        == 0;
  }

  private void remove() {
    cluster
        .kubernetes()
        .pods()
        .inNamespace(LiveCluster.NAMESPACE)
        .withName(NAME)
        .withTimeout(60, TimeUnit.SECONDS)
        .delete();
  }
}
