package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Pods;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A Deployment of any namespace: what drills scale, kill and wait for. */
record Part(LiveCluster cluster, String namespace, String name) {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  static Part service(LiveCluster cluster, String name) {
    return new Part(cluster, LiveCluster.NAMESPACE, name);
  }

  static Part controlPlane(LiveCluster cluster) {
    return new Part(cluster, LiveCluster.MESH_NAMESPACE, "istiod");
  }

  static Part gateway(LiveCluster cluster) {
    return new Part(cluster, LiveCluster.MESH_NAMESPACE, "istio-eastwestgateway");
  }

  static Part dns(LiveCluster cluster) {
    return new Part(cluster, "kube-system", "coredns");
  }

  int replicas() {
    return deployment().getSpec().getReplicas();
  }

  void scaleTo(int replicas) {
    if (replicas() != replicas) {
      resource().scale(replicas);
    }
  }

  /** Its pods that are not going. */
  List<Pod> pods() {
    return cluster
        .kubernetes()
        .pods()
        .inNamespace(namespace)
        .withLabels(deployment().getSpec().getSelector().getMatchLabels())
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** What keeps it from being whole; empty when it is. */
  Optional<String> problem() {
    Deployment deployment = deployment();
    int wanted = deployment.getSpec().getReplicas();
    boolean whole =
        wanted > 0
            && Objects.equals(
                deployment.getStatus().getObservedGeneration(),
                deployment.getMetadata().getGeneration())
            && Objects.equals(deployment.getStatus().getAvailableReplicas(), wanted)
            && Objects.equals(deployment.getStatus().getReplicas(), wanted);
    return whole
        ? Optional.empty()
        : Optional.of(
            "%s: %s"
                .formatted(
                    this,
                    wanted == 0
                        ? "scaled to 0"
                        : pods().stream().map(Pods::describe).collect(Collectors.joining(", "))));
  }

  void awaitWhole() {
    Await.until(this + " to be available", LIMIT, this::problem);
  }

  /** Its pods' containers, each start of one for itself. */
  Set<String> containers() {
    return pods().stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .map(ContainerStatus::getContainerID)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  /**
   * Waits until it is available by other containers than those: after a loss of power the API
   * server remembers what was, until somebody has looked.
   */
  void awaitWholeWithout(Set<String> gone) {
    Await.until(
        this + " to be available again",
        LIMIT,
        () ->
            Collections.disjoint(containers(), gone)
                ? problem()
                : Optional.of(this + ": its containers have not been started again"));
  }

  private RollableScalableResource<Deployment> resource() {
    return cluster.kubernetes().apps().deployments().inNamespace(namespace).withName(name);
  }

  private Deployment deployment() {
    Deployment found = resource().get();
    if (found == null) {
      throw new AssertionError(this + " does not exist: make up deploys it");
    }
    return found;
  }

  @Override
  public String toString() {
    return "%s/%s in %s".formatted(namespace, name, cluster.name());
  }
}
