package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

class ServerIdentityTest {

  @Test
  void namesALaptopWhenNothingIsConfigured() {
    ServerIdentity identity = identityFrom(new PropertiesConfigSource(Map.of(), "empty", 100));

    assertThat(identity.cluster()).isEqualTo("local");
    assertThat(identity.pod()).isEqualTo("local");
    assertThat(identity.version()).isEqualTo("unknown");
  }

  @Test
  void fallsBackToTheHostAndTheApplication() {
    ServerIdentity identity =
        identityFrom(
            new PropertiesConfigSource(
                Map.of("hostname", "laptop", "quarkus.application.version", "0.1.0"), "host", 100));

    assertThat(identity.pod()).isEqualTo("laptop");
    assertThat(identity.version()).isEqualTo("0.1.0");
  }

  @Test
  void readsEveryKeyFromTheEnvironmentThatTheChartsSet() {
    ServerIdentity identity =
        identityFrom(
            new EnvConfigSource(
                Map.of(
                    "TANDEM_CLUSTER", "shanghai",
                    "TANDEM_POD", "user-5d9c-x7k2p",
                    "TANDEM_VERSION", "0.1.0-4f2a"),
                300));

    assertThat(identity.cluster()).isEqualTo("shanghai");
    assertThat(identity.pod()).isEqualTo("user-5d9c-x7k2p");
    assertThat(identity.version()).isEqualTo("0.1.0-4f2a");
  }

  private static ServerIdentity identityFrom(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(source)
        .withMapping(ServerIdentity.class)
        .build()
        .getConfigMapping(ServerIdentity.class);
  }
}
