package dev.tandem.e2e.proof;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.tool.Tool;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * What is gathered when a proof fails: {@code <folder>/<cluster>/<proof>/} with logs, events,
 * proxies' configuration and the network's state. Never secrets: the proxies' are left out, and
 * whatever equals a Secret's value is blotted out.
 */
final class Bundle {
  private static final List<String> NAMESPACES =
      List.of(
          LiveCluster.NAMESPACE,
          LiveCluster.MESH_NAMESPACE,
          LiveCluster.TELEMETRY_NAMESPACE,
          "outside");
  private static final int SHORTEST_SECRET = 8;
  private static final int SHORTEST_SECRET_LINE = 32;
  private static final Gson GSON = new Gson();

  private final Path folder;

  Bundle(Path folder) {
    this.folder = folder;
  }

  void gather(Clusters clusters, String proof) {
    String name = proof.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (LiveCluster cluster : clusters.all()) {
        each.execute(
            () -> {
              try {
                new OneCluster(cluster, folder.resolve(cluster.name()).resolve(name)).gather();
              } catch (IOException | RuntimeException | AssertionError e) {
                System.out.printf("    the bundle of %s is incomplete: %s%n", cluster.name(), e);
              }
            });
      }
    }
    System.out.println("    bundle: " + folder);
  }

  private record OneCluster(LiveCluster cluster, Path folder, Set<String> secrets) {
    OneCluster(LiveCluster cluster, Path folder) {
      this(cluster, folder, new TreeSet<>());
    }

    void gather() throws IOException {
      collectSecrets();
      Tool kubectl = cluster.kubectl();
      save("pods.txt", kubectl.run("get", "pods", "--all-namespaces", "--output=wide").all());
      save(
          "workloads.txt",
          kubectl
              .run(
                  "--namespace",
                  LiveCluster.NAMESPACE,
                  "get",
                  "deployments,statefulsets,replicasets,services,endpointslices,networkpolicies",
                  "--output=wide")
              .all());
      save(
          "events.txt",
          kubectl.run("get", "events", "--all-namespaces", "--sort-by=.lastTimestamp").all());
      save(
          "policies.yaml",
          kubectl
              .run(
                  "--namespace",
                  LiveCluster.NAMESPACE,
                  "get",
                  "virtualservices,destinationrules,authorizationpolicies,peerauthentications,sidecars",
                  "--output=yaml")
              .all());
      save("nodes.txt", kubectl.run("describe", "nodes").all());
      save("remote-clusters.txt", cluster.istioctl().run("remote-clusters").all());
      save("proxy-status.txt", cluster.istioctl().run("proxy-status").all());
      save(
          "cilium-status.txt",
          kubectl
              .run(
                  "--namespace=kube-system",
                  "exec",
                  "daemonset/cilium",
                  "--container=cilium-agent",
                  "--",
                  "cilium-dbg",
                  "status",
                  "--verbose")
              .all());
      save("helm.txt", cluster.helm().run("list", "--all").all());
      for (String namespace : NAMESPACES) {
        for (Pod pod : cluster.kubernetes().pods().inNamespace(namespace).list().getItems()) {
          pod(namespace, pod);
        }
      }
    }

    private void pod(String namespace, Pod pod) throws IOException {
      String name = pod.getMetadata().getName();
      Tool kubectl = cluster.kubectl();
      save(
          "pods/" + name + ".txt",
          kubectl.run("--namespace", namespace, "describe", "pod", name).all());
      save(
          "logs/" + name + ".log",
          kubectl
              .run(
                  "--namespace",
                  namespace,
                  "logs",
                  name,
                  "--all-containers",
                  "--prefix",
                  "--timestamps",
                  "--tail=5000")
              .all());
      // A proxy that has ended can tell nothing, and istioctl would wait for it.
      if (hasProxy(pod) && "Running".equals(pod.getStatus().getPhase())) {
        String target = name + "." + namespace;
        save(
            "proxy-config/" + name + ".txt",
            cluster.istioctl().run("proxy-config", "all", target).all());
        save(
            "proxy-config/" + name + ".json",
            withoutSecrets(cluster.istioctl().run("proxy-config", "all", target, "--output=json")));
      }
    }

    private static boolean hasProxy(Pod pod) {
      return Stream.concat(
              pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
          .anyMatch(container -> container.getName().equals("istio-proxy"));
    }

    private static String withoutSecrets(Tool.Output output) {
      try {
        JsonObject dump = JsonParser.parseString(output.orFail()).getAsJsonObject();
        var configs = dump.getAsJsonArray("configs");
        if (configs != null) {
          configs.asList().removeIf(OneCluster::isSecret);
        }
        return GSON.toJson(dump);
      } catch (AssertionError | JsonSyntaxException | IllegalStateException e) {
        return "(no dump: " + e.getMessage() + ")\n";
      }
    }

    private static boolean isSecret(JsonElement config) {
      JsonElement type = config.getAsJsonObject().get("@type");
      return type != null && type.getAsString().contains("SecretsConfigDump");
    }

    private void collectSecrets() {
      for (String namespace : NAMESPACES) {
        for (Secret secret :
            cluster.kubernetes().secrets().inNamespace(namespace).list().getItems()) {
          if (secret.getData() != null
              && !String.valueOf(secret.getType()).startsWith("helm.sh/")) {
            secret.getData().values().forEach(this::collectSecret);
          }
        }
      }
    }

    /**
     * A value of one line whole, of one with several (a key, a kubeconfig) whatever looks random in
     * it.
     */
    private void collectSecret(String encoded) {
      List<String> lines =
          new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).lines().toList();
      for (String line : lines) {
        String value = line.substring(line.lastIndexOf(' ') + 1);
        if (value.length() >= (lines.size() == 1 ? SHORTEST_SECRET : SHORTEST_SECRET_LINE)) {
          secrets.add(value);
        }
      }
    }

    private void save(String name, String text) throws IOException {
      String blotted = text;
      for (String secret : secrets) {
        blotted = blotted.replace(secret, "(secret)");
      }
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, blotted);
    }
  }
}
