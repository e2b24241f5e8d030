package dev.tandem.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What pods say of themselves. */
public final class Pods {
  private Pods() {}

  /** Whether a pod takes calls. */
  public static boolean ready(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  /**
   * Whether each of a pod's containers runs and passes its probe, whatever the pod's readiness
   * gates say.
   */
  public static boolean containersReady(Pod pod) {
    List<ContainerStatus> containers = pod.getStatus().getContainerStatuses();
    return !containers.isEmpty() && containers.stream().allMatch(ContainerStatus::getReady);
  }

  /** A pod's state in one phrase. */
  public static String describe(Pod pod) {
    String containers =
        Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
            .filter(container -> !Boolean.TRUE.equals(container.getReady()))
            .map(Pods::describe)
            .collect(Collectors.joining(", "));
    return "%s (%s%s%s)"
        .formatted(
            pod.getMetadata().getName(),
            pod.getStatus().getPhase(),
            pod.getMetadata().getDeletionTimestamp() == null ? "" : ", being deleted",
            containers.isEmpty() ? "" : "; not ready: " + containers);
  }

  private static String describe(ContainerStatus container) {
    var state = container.getState();
    if (state.getWaiting() != null) {
      return container.getName() + " waiting: " + state.getWaiting().getReason();
    }
    if (state.getTerminated() != null) {
      return container.getName() + " ended with " + state.getTerminated().getExitCode();
    }
    return container.getName() + " running, restarted " + container.getRestartCount() + " times";
  }
}
