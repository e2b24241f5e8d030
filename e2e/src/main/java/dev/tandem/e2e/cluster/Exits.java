package dev.tandem.e2e.cluster;

import static dev.tandem.e2e.cluster.LiveCluster.NAMESPACE;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Watches with which exit code a workload's containers end. */
public final class Exits implements AutoCloseable {
  private final Map<String, Integer> codes = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Pod> informer;

  private Exits(LiveCluster cluster, String workload) {
    informer =
        cluster
            .kubernetes()
            .pods()
            .inNamespace(NAMESPACE)
            .withLabel("app.kubernetes.io/name", workload)
            .withLabel("app.kubernetes.io/component", "service")
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    look(pod);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod pod) {
                    look(pod);
                  }

                  @Override
                  public void onDelete(Pod pod, boolean lastStateUnknown) {
                    look(pod);
                  }

                  private void look(Pod pod) {
                    pod.getStatus().getContainerStatuses().stream()
                        .filter(container -> container.getName().equals(workload))
                        .filter(container -> container.getState().getTerminated() != null)
                        .forEach(
                            container ->
                                codes.put(
                                    pod.getMetadata().getName(),
                                    container.getState().getTerminated().getExitCode()));
                  }
                });
  }

  /** Watches from now on. */
  public static Exits of(Workload workload) {
    return new Exits(workload.cluster(), workload.name());
  }

  /**
   * The exit codes so far, by pod. 137 is a container that was killed, 143 one that was told to end
   * and left it to the JVM.
   */
  public Map<String, Integer> codes() {
    return new TreeMap<>(codes);
  }

  @Override
  public void close() {
    informer.close();
  }
}
