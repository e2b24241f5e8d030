package dev.tandem.resilience;

import io.grpc.Metadata;
import io.grpc.Status;
import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One service that is called: its breaker and its budget, which all calls share.
 *
 * <p>The breaker is SmallRye's, the repetition is not: SmallRye's asynchronous retry (6.11.1) loses
 * the result of an attempt that ends on another thread before the one which started it has left the
 * loop (FutureLoop.Result is a plain field), and the call then never ends.
 */
final class Target {

  private final String service;
  private final TargetPolicy policy;
  private final RetryBudget budget;
  private final Breaker breaker;
  private final TypedGuard<CompletionStage<Reply<?>>> guard;
  private final ResilienceListener listener;

  Target(String service, TargetPolicy policy, ResilienceListener listener) {
    this.service = service;
    this.policy = policy;
    this.listener = listener;
    this.budget = new RetryBudget(policy.retry().budget());
    this.breaker =
        new Breaker(
            policy.breaker(), System::nanoTime, state -> listener.breakerChanged(service, state));
    this.guard = guard(service, policy.breaker(), breaker);
    listener.serviceCalled(service);
  }

  private static TypedGuard<CompletionStage<Reply<?>>> guard(
      String service, BreakerPolicy policy, Breaker breaker) {
    return TypedGuard.create(new TypeLiteral<CompletionStage<Reply<?>>>() {})
        .withDescription(service)
        .withCircuitBreaker()
        .requestVolumeThreshold(policy.window())
        .failureRatio(policy.failureRatio())
        .delay(policy.openFor().toMillis(), ChronoUnit.MILLIS)
        .successThreshold(policy.trials())
        .when(breaker::countsAsFailure)
        .onStateChange(breaker::changed)
        .done()
        .build();
  }

  TargetPolicy policy() {
    return policy;
  }

  RetryBudget budget() {
    return budget;
  }

  BreakerState breakerState() {
    return breaker.state();
  }

  TypedGuard<CompletionStage<Reply<?>>> guard() {
    return guard;
  }

  RetryPlan plan(boolean mayRepeat) {
    return new RetryPlan(
        policy.retry(), budget, () -> ThreadLocalRandom.current().nextDouble(), mayRepeat);
  }

  boolean hadFairTime(Duration given) {
    return given.compareTo(policy.breaker().fairTime()) >= 0;
  }

  void retried() {
    listener.retried(service);
  }

  /** The answer to a call that is not made. */
  <T> Reply<T> refusal() {
    listener.refused(service);
    Duration untilTrial = breaker.untilTrial();
    Status status =
        Status.UNAVAILABLE.withDescription(
            "%s failed too often and is left alone: its circuit breaker is open, the next trial is in %d ms"
                .formatted(service, untilTrial.toMillis()));
    Metadata trailers = new Metadata();
    RetryAdvice.put(untilTrial, status, trailers);
    return Reply.of(status, trailers);
  }
}
