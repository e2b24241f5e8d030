package dev.tandem.lifecycle;

/** Where a server is between its start and its end. */
enum LifecycleState {
  /** It has not been ready yet. */
  STARTING,
  /** It takes calls. */
  READY,
  /** It was ready once, and a check of its own says no. */
  NOT_READY,
  /** It has begun to go away, and still takes calls. */
  LEAVING,
  /** It takes no calls any more: those that it has finish. */
  DRAINING
}
