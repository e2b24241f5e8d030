package dev.tandem.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * How long the steps of a start and of an end may take. The environment variables are
 * TANDEM_LIFECYCLE_DRAIN_TIMEOUT and so on.
 */
@ConfigMapping(prefix = "tandem.lifecycle")
public interface LifecycleSettings {

  /**
   * How long the server goes on taking calls after it has said that it is going away. It covers the
   * time in which callers and load balancers learn of it; zero where somebody else has already
   * waited, or where nobody chooses among instances.
   */
  @WithDefault("0s")
  Duration withdrawDelay();

  /** How long one {@link DrainParticipant} may take to leave. */
  @WithDefault("3s")
  Duration leaveTimeout();

  /** How long calls in flight may take after the server has stopped accepting new ones. */
  @WithDefault("20s")
  Duration drainTimeout();

  /** How often readiness is looked at, so that grpc.health.v1 follows it. */
  @WithDefault("1s")
  Duration readinessInterval();

  /**
   * How long the start waits to be ready before it counts as over all the same: what is missing
   * then is another's outage, for which nobody must restart this process.
   */
  @WithDefault("15s")
  Duration startupPatience();
}
