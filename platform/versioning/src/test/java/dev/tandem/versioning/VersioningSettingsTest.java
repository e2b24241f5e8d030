package dev.tandem.versioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersioningSettingsTest {

  @Test
  void takesThePackagedLifecycleAndNamesAHundredCallersByDefault() {
    VersioningSettings settings = settingsFrom(Map.of());

    assertThat(settings.lifecycle()).isEmpty();
    assertThat(settings.namedCallers()).isEqualTo(100);
  }

  @Test
  void readsEveryKeyFromTheEnvironment() {
    VersioningSettings settings =
        settingsFrom(
            Map.of(
                "TANDEM_VERSIONING_LIFECYCLE", "/etc/tandem/lifecycle/lifecycle.yaml",
                "TANDEM_VERSIONING_NAMED_CALLERS", "5"));

    assertThat(settings.lifecycle()).contains(Path.of("/etc/tandem/lifecycle/lifecycle.yaml"));
    assertThat(settings.namedCallers()).isEqualTo(5);
  }

  @Test
  void saysWhichNumberIsNoNumber() {
    assertThatThrownBy(() -> settingsFrom(Map.of("TANDEM_VERSIONING_NAMED_CALLERS", "all")))
        .hasMessageContaining("tandem.versioning.named-callers")
        .hasMessageContaining("all");
  }

  private static VersioningSettings settingsFrom(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(new EnvConfigSource(environment, 300))
        .withMapping(VersioningSettings.class)
        .build()
        .getConfigMapping(VersioningSettings.class);
  }
}
