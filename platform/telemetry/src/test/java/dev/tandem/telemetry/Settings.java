package dev.tandem.telemetry;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Settings as a service reads them. */
final class Settings {

  private Settings() {}

  static TelemetrySettings of(Map<String, String> properties) {
    return config(new PropertiesConfigSource(properties, "test", 300))
        .getConfigMapping(TelemetrySettings.class);
  }

  static TelemetrySettings fromEnvironment(Map<String, String> variables) {
    return config(new EnvConfigSource(variables, 300)).getConfigMapping(TelemetrySettings.class);
  }

  static SmallRyeConfig config(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(source)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(TelemetrySettings.class)
        .withMapping(InstanceSettings.class)
        .build();
  }
}
