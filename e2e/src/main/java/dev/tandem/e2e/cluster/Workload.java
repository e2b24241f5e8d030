package dev.tandem.e2e.cluster;

import static dev.tandem.e2e.cluster.LiveCluster.NAMESPACE;

import dev.tandem.e2e.tool.Tool;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment or StatefulSet in our namespace.
 *
 * @param name its name, which its pods carry as app.kubernetes.io/name
 */
public record Workload(LiveCluster cluster, Kind kind, String name) {
  /** A cold JVM on a busy machine of two cores takes its time; draining takes up to 35 s. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Duration ROLLOUT_LIMIT = Duration.ofMinutes(5);

  /** What kind of workload. */
  public enum Kind {
    /** A Deployment. */
    DEPLOYMENT("deployment"),
    /** A StatefulSet. */
    STATEFUL_SET("statefulset");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** How many pods it is meant to have. */
  public int replicas() {
    return switch (kind) {
      case DEPLOYMENT -> present(deployment()).getSpec().getReplicas();
      case STATEFUL_SET -> present(statefulSet()).getSpec().getReplicas();
    };
  }

  /**
   * Changes the number of pods, having first said to {@code undo} how it was; then the workload is
   * waited for as well.
   */
  public void scale(int replicas, Undo undo) {
    int before = replicas();
    undo.add(
        "scale %s in %s back to %d".formatted(name, cluster.name(), before),
        () -> {
          if (replicas() != before) {
            scaleTo(before);
          }
          awaitAvailable();
        });
    scaleTo(replicas);
  }

  /** Changes the number of pods. */
  public void scaleTo(int replicas) {
    switch (kind) {
      case DEPLOYMENT ->
          cluster
              .kubernetes()
              .apps()
              .deployments()
              .inNamespace(NAMESPACE)
              .withName(name)
              .scale(replicas);
      case STATEFUL_SET ->
          cluster
              .kubernetes()
              .apps()
              .statefulSets()
              .inNamespace(NAMESPACE)
              .withName(name)
              .scale(replicas);
    }
  }

  /**
   * Waits until it has every pod that it is meant to have, at least one, up to date and available,
   * and no other.
   */
  public void awaitAvailable() {
    String what = "%s to have all its pods available".formatted(this);
    var apps = cluster.kubernetes().apps();
    switch (kind) {
      case DEPLOYMENT ->
          Await.seen(
              what,
              LIMIT,
              apps.deployments()
                  .inNamespace(NAMESPACE)
                  .withName(name)
                  .informOnCondition(found -> found.stream().anyMatch(Workload::available)),
              this::seen);
      case STATEFUL_SET ->
          Await.seen(
              what,
              LIMIT,
              apps.statefulSets()
                  .inNamespace(NAMESPACE)
                  .withName(name)
                  .informOnCondition(found -> found.stream().anyMatch(Workload::available)),
              this::seen);
    }
  }

  /** Whether it has every pod that it is meant to have, available, and no other. */
  public boolean available() {
    return switch (kind) {
      case DEPLOYMENT -> available(present(deployment()));
      case STATEFUL_SET -> available(present(statefulSet()));
    };
  }

  /** Replaces all its pods, one after the other, and returns at once. */
  public void restart() {
    cluster.kubectl().run("--namespace=" + NAMESPACE, "rollout", "restart", path()).orFail();
  }

  /**
   * Waits until the replacement of its pods is complete; the last ones may still be on their way
   * out.
   */
  public void awaitRollout() {
    String limit = "--timeout=" + ROLLOUT_LIMIT.toSeconds() + "s";
    Tool.Output status =
        cluster.kubectl().run("--namespace=" + NAMESPACE, "rollout", "status", path(), limit);
    if (status.exitCode() != 0) {
      throw new AssertionError(
          "%s did not roll out within %s: %s; its pods: %s"
              .formatted(this, ROLLOUT_LIMIT, status.all().strip(), seen()));
    }
  }

  /** Waits until pods that were told to go are gone. */
  public void awaitNobodyLeaving() {
    Await.seen(
        "the pods of %s that were told to go to be gone".formatted(this),
        LIMIT,
        cluster
            .kubernetes()
            .pods()
            .inNamespace(NAMESPACE)
            .withLabels(labels())
            .informOnCondition(
                pods ->
                    pods.stream()
                        .allMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null)),
        this::seen);
  }

  /** Waits until its last pod is gone, not merely told to go. */
  public void awaitGone() {
    Await.seen(
        "the pods of %s to be gone".formatted(this),
        LIMIT,
        cluster
            .kubernetes()
            .pods()
            .inNamespace(NAMESPACE)
            .withLabels(labels())
            .informOnCondition(List::isEmpty),
        this::seen);
  }

  /** Its pods, those that are going included. */
  public List<Pod> pods() {
    return cluster.pods(labels());
  }

  /** Its pods that are ready. */
  public List<Pod> readyPods() {
    return pods().stream().filter(Pods::ready).toList();
  }

  /** The state of its pods, for people. */
  public String seen() {
    List<Pod> pods = pods();
    return pods.isEmpty()
        ? "no pods"
        : pods.stream().map(Pods::describe).collect(Collectors.joining(", "));
  }

  private String path() {
    return kind.word + "/" + name;
  }

  private Map<String, String> labels() {
    return Map.of("app.kubernetes.io/name", name, "app.kubernetes.io/component", "service");
  }

  private static boolean available(Deployment deployment) {
    int wanted = deployment.getSpec().getReplicas();
    var status = deployment.getStatus();
    return wanted > 0
        && Objects.equals(status.getObservedGeneration(), deployment.getMetadata().getGeneration())
        && wanted == number(status.getReplicas())
        && wanted == number(status.getUpdatedReplicas())
        && wanted == number(status.getAvailableReplicas());
  }

  private static boolean available(StatefulSet set) {
    int wanted = set.getSpec().getReplicas();
    var status = set.getStatus();
    return wanted > 0
        && Objects.equals(status.getObservedGeneration(), set.getMetadata().getGeneration())
        && wanted == number(status.getReplicas())
        && wanted == number(status.getUpdatedReplicas())
        && wanted == number(status.getAvailableReplicas());
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private @Nullable Deployment deployment() {
    return cluster.kubernetes().apps().deployments().inNamespace(NAMESPACE).withName(name).get();
  }

  private @Nullable StatefulSet statefulSet() {
    return cluster.kubernetes().apps().statefulSets().inNamespace(NAMESPACE).withName(name).get();
  }

  private <T> T present(@Nullable T found) {
    if (found == null) {
      throw new AssertionError("%s does not exist: make up deploys it".formatted(this));
    }
    return found;
  }

  @Override
  public String toString() {
    return "%s %s in %s".formatted(kind.word, name, cluster.name());
  }
}
