package dev.tandem.topology;

/** Which istiod serves a cluster's mesh. */
public sealed interface ControlPlane {

  /** The cluster runs its own. */
  record Primary() implements ControlPlane {}

  /**
   * Another cluster's serves this one (Istio: primary-remote).
   *
   * @param primary the name of that cluster
   */
  record Remote(String primary) implements ControlPlane {}
}
