package dev.tandem.transport;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Settings as a process without Quarkus reads them; keys leave out {@code tandem.transport.}. */
final class Settings {

  private Settings() {}

  static TransportSettings of(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put("tandem.transport." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return from(new PropertiesConfigSource(properties, "test", 100));
  }

  static TransportSettings from(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(source)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .withMapping(TransportSettings.class)
        .build()
        .getConfigMapping(TransportSettings.class);
  }
}
