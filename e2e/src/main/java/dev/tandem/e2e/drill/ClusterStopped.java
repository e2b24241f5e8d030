package dev.tandem.e2e.drill;

import java.util.List;

/** A whole cluster loses its power and is switched on again. */
final class ClusterStopped implements Fault {
  private final Node node;
  private final List<Part> parts;

  /**
   * Prepares it.
   *
   * @param parts what has to be available again before the cluster counts as back
   */
  ClusterStopped(Node node, List<Part> parts) {
    this.node = node;
    this.parts = List.copyOf(parts);
  }

  @Override
  public void strike() {
    node.stop();
  }

  @Override
  public void repair() {
    node.start();
    node.awaitApiServer();
    parts.forEach(Part::awaitWhole);
  }
}
