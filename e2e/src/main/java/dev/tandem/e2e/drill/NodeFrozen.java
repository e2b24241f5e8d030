package dev.tandem.e2e.drill;

/** A whole cluster stands still: nothing answers, nothing refuses (docker pause). */
final class NodeFrozen implements Fault {
  private final Node node;

  NodeFrozen(Node node) {
    this.node = node;
  }

  @Override
  public void strike() {
    node.pause();
  }

  @Override
  public void repair() {
    node.unpause();
    node.awaitApiServer();
  }
}
