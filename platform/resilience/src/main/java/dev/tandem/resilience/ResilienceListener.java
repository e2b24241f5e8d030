package dev.tandem.resilience;

/**
 * Hears what is done to calls. It is called on the threads that carry them: it must neither block
 * nor throw.
 */
public interface ResilienceListener {

  /** A service was called for the first time; its breaker is closed. */
  default void serviceCalled(String service) {}

  /** A service's breaker has another state. */
  default void breakerChanged(String service, BreakerState state) {}

  /** An attempt failed and another one follows. */
  default void retried(String service) {}

  /** A call was refused because the service's breaker is not closed. */
  default void refused(String service) {}
}
