package dev.tandem.registry;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Settings as a process without Quarkus reads them; keys leave out {@code tandem.registry.}. */
final class TestSettings {

  private TestSettings() {}

  static RegistrySettings of(Map<String, String> keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    keysAndValues.forEach((key, value) -> properties.put("tandem.registry." + key, value));
    return from(new PropertiesConfigSource(properties, "test", 100));
  }

  static RegistrySettings from(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(source)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(RegistrySettings.class)
        .build()
        .getConfigMapping(RegistrySettings.class);
  }

  /** Settings that add to others. */
  static Map<String, String> with(Map<String, String> settings, String... keysAndValues) {
    Map<String, String> all = new HashMap<>(settings);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      all.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return all;
  }
}
