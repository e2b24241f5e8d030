package dev.tandem.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

class LifecycleSettingsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void hasDefaultsForEverything() {
    LifecycleSettings settings = settingsFrom(Map.of());

    assertThat(settings.withdrawDelay()).isZero();
    assertThat(settings.leaveTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.readinessInterval()).isEqualTo(SECOND);
    assertThat(settings.startupPatience()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void readsEveryKeyFromTheEnvironment() {
    LifecycleSettings settings =
        settingsFrom(
            new EnvConfigSource(
                Map.of(
                    "TANDEM_LIFECYCLE_WITHDRAW_DELAY", "PT5S",
                    "TANDEM_LIFECYCLE_LEAVE_TIMEOUT", "1s",
                    "TANDEM_LIFECYCLE_DRAIN_TIMEOUT", "PT30S",
                    "TANDEM_LIFECYCLE_READINESS_INTERVAL", "500ms",
                    "TANDEM_LIFECYCLE_STARTUP_PATIENCE", "1m"),
                300));

    assertThat(settings.withdrawDelay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.leaveTimeout()).isEqualTo(SECOND);
    assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.readinessInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.startupPatience()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void namesTheKeyOfAValueThatIsNoDuration() {
    assertThatThrownBy(() -> settingsFrom(Map.of("tandem.lifecycle.drain-timeout", "soon")))
        .hasMessageContaining("tandem.lifecycle.drain-timeout")
        .hasMessageContaining("soon");
  }

  @Test
  void refusesADrainThatTakesNoTime() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DrainPlan(Duration.ZERO, SECOND, Duration.ZERO))
        .withMessage(
            "tandem.lifecycle.drain-timeout is PT0S: it must be longer than zero; set it to a duration such as 20s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DrainPlan(Duration.ZERO, SECOND.negated(), SECOND))
        .withMessageStartingWith("tandem.lifecycle.leave-timeout is PT-1S");
  }

  /** It would only be found out when the process has to go. */
  @Test
  void refusesADrainThatNoTimerCanHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new DrainPlan(Duration.ZERO, Duration.ofSeconds(1), Duration.ofDays(200_000)))
        .withMessage(
            "tandem.lifecycle.drain-timeout is PT4800000H: it must not be longer than a day; set it to a duration such as 20s");
  }

  @Test
  void refusesAWithdrawalInThePast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DrainPlan(SECOND.negated(), SECOND, SECOND))
        .withMessage(
            "tandem.lifecycle.withdraw-delay is PT-1S: it must not be negative; set it to 0s or to a duration such as 5s");
  }

  private static LifecycleSettings settingsFrom(Map<String, String> properties) {
    return settingsFrom(new PropertiesConfigSource(properties, "test", 100));
  }

  private static LifecycleSettings settingsFrom(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(source)
        .withMapping(LifecycleSettings.class)
        .build()
        .getConfigMapping(LifecycleSettings.class);
  }
}
