package dev.tandem.resilience;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Makes policies of settings. */
final class SettingsReader {

  private static final String PREFIX = "tandem.resilience.";

  private SettingsReader() {}

  static Policies read(ResilienceSettings settings) {
    TargetPolicy standard = named(PREFIX, () -> standard(settings));
    Map<String, TargetPolicy> targets = new HashMap<>();
    settings
        .targets()
        .forEach(
            (service, target) ->
                targets.put(
                    service,
                    named(
                        "%stargets.\"%s\".".formatted(PREFIX, service),
                        () -> differing(standard, target))));
    return named(
        PREFIX,
        () ->
            new Policies(
                standard,
                targets,
                settings.deadline().reserve(),
                settings.retry().bufferLimit().asLongValue()));
  }

  private static TargetPolicy standard(ResilienceSettings settings) {
    ResilienceSettings.Retry retry = settings.retry();
    ResilienceSettings.Breaker breaker = settings.breaker();
    Setting.isDuration("deadline.unary", settings.deadline().unary(), "5s");
    return new TargetPolicy(
        settings.deadline().unary(),
        new RetryPolicy(
            retry.maxRetries(),
            retry.firstDelay(),
            retry.maxDelay(),
            retry.jitter(),
            retry.attemptTimeout(),
            retry.messageLimit().asLongValue(),
            new BudgetPolicy(retry.budget().ratio(), retry.budget().reserve())),
        new BreakerPolicy(
            breaker.window(),
            breaker.failureRatio(),
            breaker.openFor(),
            breaker.trials(),
            breaker.fairTime()));
  }

  private static TargetPolicy differing(TargetPolicy standard, ResilienceSettings.Target target) {
    RetryPolicy retry = standard.retry();
    BreakerPolicy breaker = standard.breaker();
    double ratio = target.retry().budgetRatio().orElse(retry.budget().ratio());
    Setting.isBetween("retry.budget-ratio", ratio, 0.0, 1.0);
    return new TargetPolicy(
        target.deadline().orElse(standard.deadline()),
        new RetryPolicy(
            target.retry().maxRetries().orElse(retry.maxRetries()),
            target.retry().firstDelay().orElse(retry.firstDelay()),
            retry.maxDelay(),
            retry.jitter(),
            target.retry().attemptTimeout().or(retry::attemptTimeout),
            retry.messageLimit(),
            new BudgetPolicy(ratio, retry.budget().reserve())),
        new BreakerPolicy(
            target.breaker().window().orElse(breaker.window()),
            target.breaker().failureRatio().orElse(breaker.failureRatio()),
            target.breaker().openFor().orElse(breaker.openFor()),
            breaker.trials(),
            breaker.fairTime()));
  }

  /** Policies know their keys; where those are set, only the reader knows. */
  private static <T> T named(String prefix, Supplier<T> policy) {
    try {
      return policy.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(prefix + e.getMessage(), e);
    }
  }
}
