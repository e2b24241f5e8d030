package dev.tandem.e2e.drill;

/** A Deployment is scaled to zero: its pods are withdrawn, finish their calls and go. */
final class ReplicasGone implements Fault {
  private final Part part;
  private final int replicas;

  ReplicasGone(Part part) {
    this.part = part;
    this.replicas = part.replicas();
  }

  @Override
  public void strike() {
    part.scaleTo(0);
  }

  @Override
  public void repair() {
    part.scaleTo(replicas);
    part.awaitWhole();
  }
}
