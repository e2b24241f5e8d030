package dev.tandem.resilience;

/** The states of a circuit breaker. */
public enum BreakerState {
  /** Calls are made. */
  CLOSED,
  /** Calls are refused. */
  OPEN,
  /** A few calls are made, to see whether the service is well again. */
  HALF_OPEN
}
