package dev.tandem.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserSettingsTest {

  @Test
  void servesBundledUsersInBothVersionsAndBeatsEveryTenSecondsByDefault() {
    UserSettings settings = settingsFrom(Map.of());

    assertThat(settings.directory()).isEmpty();
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.newestVersion()).isEqualTo("v2");
  }

  @Test
  void readsEveryKeyFromTheEnvironmentThatTheChartSets() {
    UserSettings settings =
        settingsFrom(
            Map.of(
                "TANDEM_USER_DIRECTORY", "/etc/tandem/users/users.json",
                "TANDEM_USER_HEARTBEAT", "2s",
                "TANDEM_USER_NEWEST_VERSION", "v1"));

    assertThat(settings.directory()).contains(Path.of("/etc/tandem/users/users.json"));
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.newestVersion()).isEqualTo("v1");
  }

  private static UserSettings settingsFrom(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .withSources(new EnvConfigSource(environment, 300))
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(UserSettings.class)
        .build()
        .getConfigMapping(UserSettings.class);
  }
}
