package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.tool.Tool;
import dev.tandem.topology.Provider;
import dev.tandem.topology.Topology;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The container that is a kind cluster's only node. Nothing is ever done to a container before it
 * has shown that it is that: by kind's label and by being on Tandem's Docker network.
 */
final class Node {
  private static final String KIND_LABEL = "io.x-k8s.kind.cluster";
  private static final Duration API_LIMIT = Duration.ofMinutes(3);

  private static final int PAUSE_TRIES = 5;

  private final LiveCluster cluster;
  private final String kindName;
  private final String network;
  private final Tool docker;

  private Node(LiveCluster cluster, String kindName, String network, Tool docker) {
    this.cluster = cluster;
    this.kindName = kindName;
    this.network = network;
    this.docker = docker;
  }

  static Node of(Path root, Topology topology, LiveCluster cluster) {
    return switch (cluster.entry().provider()) {
      case Provider.Kind kind ->
          new Node(
              cluster, kind.clusterName(), topology.docker().name(), Tool.named(root, "docker"));
      case Provider.Existing _ ->
          throw new IllegalArgumentException(
              "this drill stops machines, and those of %s are not ours to stop: it is for kind's clusters only"
                  .formatted(cluster));
    };
  }

  /** Its name, which is also the container's. */
  String name() {
    return kindName + "-control-plane";
  }

  /** Whether Docker runs it, has frozen it, or has stopped it: docker's own word. */
  String state() {
    List<String> facts =
        Arrays.asList(
            docker
                .run(
                    "container",
                    "inspect",
                    "--format",
                    "{{.State.Status}}|{{index .Config.Labels \""
                        + KIND_LABEL
                        + "\"}}|{{range $name, $_ := .NetworkSettings.Networks}}{{$name}},{{end}}",
                    name())
                .orFail()
                .trim()
                .split("\\|", -1));
    requireOurs(name(), facts.get(1), facts.get(2), kindName, network);
    return facts.getFirst();
  }

  /** Refuses a container that is not this cluster's node. */
  static void requireOurs(
      String container, String label, String networks, String kindName, String network) {
    if (!label.equals(kindName) || !List.of(networks.split(",")).contains(network)) {
      throw new IllegalStateException(
          "the container %s is not Tandem's: its label %s is '%s' (not %s), its networks are '%s' (not %s). It was not touched"
              .formatted(container, KIND_LABEL, label, kindName, networks, network));
    }
  }

  /** Its address on Tandem's Docker network. */
  String address() {
    requireState("running");
    return docker
        .run(
            "container",
            "inspect",
            "--format",
            "{{(index .NetworkSettings.Networks \"" + network + "\").IPAddress}}",
            name())
        .orFail()
        .trim();
  }

  /** Freezes it. On a busy machine the kernel may give up because new processes keep appearing. */
  void pause() {
    requireState("running");
    Tool.Output paused = docker.run("pause", name());
    for (int again = 1; again < PAUSE_TRIES && paused.exitCode() != 0; again++) {
      paused = docker.run("pause", name());
    }
    paused.orFail();
  }

  void unpause() {
    if (state().equals("paused")) {
      docker.run("unpause", name()).orFail();
    }
  }

  /** Takes its power away: nobody says goodbye. */
  void stop() {
    requireState("running");
    docker.run("kill", "--signal=KILL", name()).orFail();
  }

  /** Starts it when it is stopped. */
  void start() {
    if (!state().equals("running")) {
      docker.run("start", name()).orFail();
    }
  }

  /** Waits until its cluster's API server answers. */
  void awaitApiServer() {
    Await.until(
        "the API server of %s".formatted(cluster),
        API_LIMIT,
        () -> {
          Tool.Output ready = cluster.kubectl().run("get", "--raw=/readyz", "--request-timeout=2s");
          return ready.exitCode() == 0 ? Optional.empty() : Optional.of(ready.err().trim());
        });
  }

  /** Runs a program on the node. */
  Tool.Output run(String... command) {
    requireState("running");
    return docker.run(
        Stream.concat(Stream.of("exec", name()), Arrays.stream(command)).toArray(String[]::new));
  }

  /** Ends every process of a pod's containers with SIGKILL. */
  void kill(List<Pod> pods) {
    task(pods, "kill", "--all", "--signal", "SIGKILL");
  }

  /** Freezes every process of a pod's containers. */
  void freeze(List<Pod> pods) {
    task(pods, "pause");
  }

  /** Lets frozen containers go on; those that are gone meanwhile are none of its business. */
  void thaw(List<String> containers) {
    for (String container : containers) {
      run("ctr", "--namespace", "k8s.io", "tasks", "resume", container);
    }
  }

  private void task(List<Pod> pods, String... action) {
    for (String container : containers(pods)) {
      List<String> command = new ArrayList<>(List.of("ctr", "--namespace", "k8s.io", "tasks"));
      command.addAll(Arrays.asList(action));
      command.add(container);
      run(command.toArray(String[]::new)).orFail();
    }
  }

  /** The containers of pods that run now, sidecars included, as the node's runtime knows them. */
  static List<String> containers(List<Pod> pods) {
    return pods.stream()
        .flatMap(
            pod ->
                Stream.concat(
                    pod.getStatus().getContainerStatuses().stream(),
                    pod.getStatus().getInitContainerStatuses().stream()))
        .filter(status -> status.getState().getRunning() != null)
        .map(ContainerStatus::getContainerID)
        .map(id -> id.substring(id.indexOf("//") + 2))
        .toList();
  }

  private void requireState(String wanted) {
    String state = state();
    if (!state.equals(wanted)) {
      throw new IllegalStateException("node %s is %s, not %s".formatted(name(), state, wanted));
    }
  }

  @Override
  public String toString() {
    return "node " + name();
  }
}
