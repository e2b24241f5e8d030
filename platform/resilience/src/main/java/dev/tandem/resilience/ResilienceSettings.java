package dev.tandem.resilience;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** How calls are bounded, repeated and refused; {@link Policies} says what the values mean. */
@ConfigMapping(prefix = "tandem.resilience")
public interface ResilienceSettings {

  /** How long calls may take. */
  Deadline deadline();

  /** How calls of idempotent methods are repeated. */
  Retry retry();

  /** When a service counts as sick and is left alone. */
  Breaker breaker();

  /** What is different for one service, by its full name such as tandem.user.v1.UserService. */
  Map<String, Target> targets();

  /** How long calls may take. */
  interface Deadline {

    /** What a unary call that has no deadline gets, as a client and as a server. */
    @WithDefault("5s")
    Duration unary();

    /** What an outgoing call leaves of the incoming one's time, for the way back. */
    @WithDefault("50ms")
    Duration reserve();
  }

  /** How calls of idempotent methods are repeated. */
  interface Retry {

    /** Repetitions at most, after the first attempt. */
    @WithDefault("3")
    int maxRetries();

    /** The pause before the first repetition; each further one is twice as long. */
    @WithDefault("100ms")
    Duration firstDelay();

    /** The longest pause. */
    @WithDefault("2s")
    Duration maxDelay();

    /** The part by which a pause is made longer or shorter at random. */
    @WithDefault("0.2")
    double jitter();

    /** How long an attempt that is not the last may take; without it, as long as the call. */
    Optional<Duration> attemptTimeout();

    /** The largest request that is kept for a repetition. */
    @WithDefault("1M")
    MemorySize messageLimit();

    /** How much all requests that are kept may have together. */
    @WithDefault("16M")
    MemorySize bufferLimit();

    /** What bounds repetitions when many calls fail. */
    Budget budget();
  }

  /** What bounds repetitions when many calls fail. */
  interface Budget {

    /** Repetitions that one call earns. */
    @WithDefault("0.6")
    double ratio();

    /** Repetitions that may be saved up. */
    @WithDefault("10")
    int reserve();
  }

  /** When a service counts as sick and is left alone. */
  interface Breaker {

    /** Attempts that are looked at, the latest ones. */
    @WithDefault("50")
    int window();

    /** The part of them that must have failed. */
    @WithDefault("0.8")
    double failureRatio();

    /** How long a sick service is left alone. */
    @WithDefault("5s")
    Duration openFor();

    /** Attempts that must then succeed before it counts as well. */
    @WithDefault("3")
    int trials();

    /** A timeout counts only when the attempt had at least this long. */
    @WithDefault("500ms")
    Duration fairTime();
  }

  /** What is different for one service. */
  interface Target {

    /** Instead of tandem.resilience.deadline.unary. */
    Optional<Duration> deadline();

    /** Instead of what is set under tandem.resilience.retry. */
    TargetRetry retry();

    /** Instead of what is set under tandem.resilience.breaker. */
    TargetBreaker breaker();
  }

  /** Repetitions of one service's methods. */
  interface TargetRetry {

    /** Instead of tandem.resilience.retry.max-retries. */
    OptionalInt maxRetries();

    /** Instead of tandem.resilience.retry.first-delay. */
    Optional<Duration> firstDelay();

    /** Instead of tandem.resilience.retry.attempt-timeout. */
    Optional<Duration> attemptTimeout();

    /** Instead of tandem.resilience.retry.budget.ratio. */
    OptionalDouble budgetRatio();
  }

  /** The breaker of one service. */
  interface TargetBreaker {

    /** Instead of tandem.resilience.breaker.window. */
    OptionalInt window();

    /** Instead of tandem.resilience.breaker.failure-ratio. */
    OptionalDouble failureRatio();

    /** Instead of tandem.resilience.breaker.open-for. */
    Optional<Duration> openFor();
  }
}
