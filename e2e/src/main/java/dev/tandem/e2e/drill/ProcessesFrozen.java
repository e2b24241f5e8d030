package dev.tandem.e2e.drill;

import java.util.List;

/** Every process of a Deployment's pods stands still, its connections stay open. */
final class ProcessesFrozen implements Fault {
  private final Node node;
  private final Part part;
  private final List<String> containers;

  ProcessesFrozen(Node node, Part part) {
    this.node = node;
    this.part = part;
    this.containers = Node.containers(part.pods());
  }

  @Override
  public void strike() {
    node.freeze(part.pods());
  }

  @Override
  public void repair() {
    node.thaw(containers);
    part.awaitWhole();
  }
}
