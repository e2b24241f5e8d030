package dev.tandem.e2e.telemetry;

import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;

/**
 * A part of the telemetry stack that can be taken away.
 *
 * @param kind as kubectl has it, such as deployment
 */
public record Part(LiveCluster cluster, String kind, String name) {
  private static final String LIMIT = "--timeout=180s";

  /** Takes its pods away; {@code undo} brings them back. */
  public void stop(Undo undo) {
    undo.add("bring %s of %s back".formatted(name, cluster), this::start);
    scale(0);
    kubectl("wait", "--for=delete", "pod", "--selector=app.kubernetes.io/name=" + name, LIMIT);
  }

  /** Brings its pod back, and waits until it is ready. */
  public void start() {
    scale(1);
    kubectl("rollout", "status", kind + "/" + name, LIMIT);
  }

  private void scale(int replicas) {
    kubectl("scale", kind + "/" + name, "--replicas=" + replicas);
  }

  private void kubectl(String... arguments) {
    String[] line = new String[arguments.length + 1];
    line[0] = "--namespace=" + LiveCluster.TELEMETRY_NAMESPACE;
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    cluster.kubectl().run(line).orFail();
  }
}
