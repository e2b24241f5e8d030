package dev.tandem.e2e.drill;

import java.util.List;

/**
 * Every process of some Deployments' pods ends with SIGKILL; Kubernetes starts them again by
 * itself.
 */
final class ProcessesKilled implements Fault {
  private final Node node;
  private final List<Part> parts;

  ProcessesKilled(Node node, Part... parts) {
    this.node = node;
    this.parts = List.of(parts);
  }

  @Override
  public void strike() {
    node.kill(parts.stream().flatMap(part -> part.pods().stream()).toList());
  }

  @Override
  public void repair() {
    parts.forEach(Part::awaitWhole);
  }
}
