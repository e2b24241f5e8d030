package dev.tandem.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResilienceSettingsTest {

  private static final String USERS = "tandem.user.v1.UserService";

  @Test
  void haveThePlatformsPoliciesAsDefaults() {
    assertThat(policies(Map.of())).isEqualTo(Policies.STANDARD);
  }

  @Test
  void readEveryKey() {
    Policies policies =
        policies(
            Map.ofEntries(
                Map.entry("tandem.resilience.deadline.unary", "3s"),
                Map.entry("tandem.resilience.deadline.reserve", "20ms"),
                Map.entry("tandem.resilience.retry.max-retries", "2"),
                Map.entry("tandem.resilience.retry.first-delay", "50ms"),
                Map.entry("tandem.resilience.retry.max-delay", "1s"),
                Map.entry("tandem.resilience.retry.jitter", "0.1"),
                Map.entry("tandem.resilience.retry.attempt-timeout", "800ms"),
                Map.entry("tandem.resilience.retry.message-limit", "64K"),
                Map.entry("tandem.resilience.retry.buffer-limit", "2M"),
                Map.entry("tandem.resilience.retry.budget.ratio", "0.5"),
                Map.entry("tandem.resilience.retry.budget.reserve", "7"),
                Map.entry("tandem.resilience.breaker.window", "30"),
                Map.entry("tandem.resilience.breaker.failure-ratio", "0.9"),
                Map.entry("tandem.resilience.breaker.open-for", "4s"),
                Map.entry("tandem.resilience.breaker.trials", "1"),
                Map.entry("tandem.resilience.breaker.fair-time", "250ms")));

    assertThat(policies)
        .isEqualTo(
            new Policies(
                new TargetPolicy(
                    Duration.ofSeconds(3),
                    new RetryPolicy(
                        2,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(1),
                        0.1,
                        Optional.of(Duration.ofMillis(800)),
                        64 << 10,
                        new BudgetPolicy(0.5, 7)),
                    new BreakerPolicy(30, 0.9, Duration.ofSeconds(4), 1, Duration.ofMillis(250))),
                Map.of(),
                Duration.ofMillis(20),
                2 << 20));
  }

  @Test
  void differForOneService() {
    Policies policies =
        policies(
            Map.of(
                target("deadline"), "2s",
                target("retry.max-retries"), "1",
                target("retry.first-delay"), "10ms",
                target("retry.attempt-timeout"), "1s",
                target("retry.budget-ratio"), "0.2",
                target("breaker.window"), "20",
                target("breaker.failure-ratio"), "0.6",
                target("breaker.open-for"), "1s"));

    TargetPolicy users = policies.of(USERS);
    assertThat(users.deadline()).isEqualTo(Duration.ofSeconds(2));
    assertThat(users.retry().maxRetries()).isEqualTo(1);
    assertThat(users.retry().firstDelay()).isEqualTo(Duration.ofMillis(10));
    assertThat(users.retry().attemptTimeout()).contains(Duration.ofSeconds(1));
    assertThat(users.retry().budget()).isEqualTo(new BudgetPolicy(0.2, 10));
    assertThat(users.breaker())
        .isEqualTo(new BreakerPolicy(20, 0.6, Duration.ofSeconds(1), 3, Duration.ofMillis(500)));
    assertThat(policies.of("tandem.payment.v1.PaymentService")).isEqualTo(TargetPolicy.STANDARD);
  }

  @Test
  void areReadFromTheEnvironment() {
    Policies policies =
        policies(
            new EnvConfigSource(
                Map.of(
                    "TANDEM_RESILIENCE_DEADLINE_UNARY", "4s",
                    "TANDEM_RESILIENCE_RETRY_BUDGET_RATIO", "0.3"),
                300));

    assertThat(policies.standard().deadline()).isEqualTo(Duration.ofSeconds(4));
    assertThat(policies.standard().retry().budget().ratio()).isEqualTo(0.3);
  }

  @ParameterizedTest
  @CsvSource({
    "deadline.unary, 0s",
    "deadline.unary, -5s",
    "deadline.unary, 2d",
    "deadline.reserve, -1s",
    "deadline.reserve, 5s",
    "retry.max-retries, -1",
    "retry.max-retries, 11",
    "retry.first-delay, 0s",
    "retry.max-delay, 50ms",
    "retry.jitter, 1.5",
    "retry.jitter, NaN",
    "retry.attempt-timeout, 0s",
    "retry.message-limit, 4G",
    "retry.budget.ratio, 1.1",
    "retry.budget.ratio, -0.1",
    "retry.budget.reserve, 1001",
    "breaker.window, 0",
    "breaker.failure-ratio, 0",
    "breaker.failure-ratio, 1.01",
    "breaker.open-for, 0s",
    "breaker.trials, 0",
    "breaker.fair-time, -1s",
  })
  void areRefusedWithKeyValueAndFix(String key, String value) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> policies(Map.of("tandem.resilience." + key, value)))
        .withMessageStartingWith("tandem.resilience." + key + " is ")
        .withMessageContaining(": set it to ");
  }

  @ParameterizedTest
  @CsvSource({
    "deadline, 0s",
    "retry.max-retries, 11",
    "retry.first-delay, 0s",
    "retry.attempt-timeout, 0s",
    "retry.budget-ratio, 2",
    "breaker.window, 0",
    "breaker.failure-ratio, 0",
    "breaker.open-for, 0s",
  })
  void areRefusedForOneServiceNamingIt(String key, String value) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> policies(Map.of(target(key), value)))
        .withMessageStartingWith(target(key) + " is ")
        .withMessageContaining(": set it to ");
  }

  private static String target(String key) {
    return "tandem.resilience.targets.\"%s\".%s".formatted(USERS, key);
  }

  private static Policies policies(Map<String, String> values) {
    return policies(new PropertiesConfigSource(values, "test", 250));
  }

  private static Policies policies(ConfigSource source) {
    return Policies.from(
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(source)
            .withConverter(Duration.class, 200, new DurationConverter())
            .withConverter(MemorySize.class, 200, new MemorySizeConverter())
            .withMapping(ResilienceSettings.class)
            .build()
            .getConfigMapping(ResilienceSettings.class));
  }
}
