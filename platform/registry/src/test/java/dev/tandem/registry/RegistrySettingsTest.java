package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.transport.Security;
import io.smallrye.config.EnvConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrySettingsTest {

  @Test
  void thereIsNoRegistryByDefault() {
    RegistrySettings settings = settingsFrom(Map.of());

    assertThat(settings.type()).isEqualTo(RegistrySettings.RegistryType.NONE);
    assertThat(settings.endpoints()).isEmpty();
    assertThat(settings.prefix()).isEqualTo("/services");
    assertThat(Timing.from(settings))
        .isEqualTo(
            new Timing(
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5)));
    assertThat(settings.security()).isEqualTo(Security.PLAINTEXT);
    assertThat(settings.token()).isEmpty();
    assertThat(settings.self().service()).isEmpty();
    assertThat(settings.self().weight()).isEqualTo(100);
    assertThat(settings.health().interval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.health().timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.health().failures()).isEqualTo(3);
    assertThat(settings.health().successes()).isEqualTo(1);
  }

  @Test
  void readsEveryKeyFromTheEnvironment() {
    RegistrySettings settings =
        settingsFrom(
            Map.ofEntries(
                Map.entry("TYPE", "etcd"),
                Map.entry("ENDPOINTS", "one:2379,two:2379"),
                Map.entry("PREFIX", "/acme/services"),
                Map.entry("LEASE", "30s"),
                Map.entry("HEARTBEAT", "5s"),
                Map.entry("TIMEOUT", "1s"),
                Map.entry("RETRY", "10s"),
                Map.entry("SECURITY", "mutual-tls"),
                Map.entry("TLS_CERTIFICATE", "/tls/tls.crt"),
                Map.entry("TLS_KEY", "/tls/tls.key"),
                Map.entry("TLS_TRUST", "/tls/ca.crt"),
                Map.entry("TLS_REFRESH", "1m"),
                Map.entry("TOKEN", "secret"),
                Map.entry("SELF_SERVICE", "user"),
                Map.entry("SELF_INSTANCE", "user-0"),
                Map.entry("SELF_ADDRESS", "10.0.0.7:9000"),
                Map.entry("SELF_REGION", "cn-east"),
                Map.entry("SELF_WEIGHT", "5"),
                Map.entry("HEALTH_TARGET", "localhost:9001"),
                Map.entry("HEALTH_SECURITY", "mutual-tls"),
                Map.entry("HEALTH_AUTHORITY", "user"),
                Map.entry("HEALTH_INTERVAL", "3s"),
                Map.entry("HEALTH_TIMEOUT", "2s"),
                Map.entry("HEALTH_FAILURES", "4"),
                Map.entry("HEALTH_SUCCESSES", "2")));

    assertThat(settings.type()).isEqualTo(RegistrySettings.RegistryType.ETCD);
    assertThat(settings.endpoints()).contains(List.of("one:2379", "two:2379"));
    assertThat(settings.prefix()).isEqualTo("/acme/services");
    assertThat(Timing.from(settings))
        .isEqualTo(
            new Timing(
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10)));
    assertThat(settings.security()).isEqualTo(Security.MUTUAL_TLS);
    assertThat(settings.tls().certificate()).contains(Path.of("/tls/tls.crt"));
    assertThat(settings.tls().key()).contains(Path.of("/tls/tls.key"));
    assertThat(settings.tls().trust()).contains(Path.of("/tls/ca.crt"));
    assertThat(settings.tls().refresh()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.token()).contains("secret");
    assertThat(settings.self().service()).contains("user");
    assertThat(settings.self().instance()).contains("user-0");
    assertThat(settings.self().address()).contains("10.0.0.7:9000");
    assertThat(settings.self().region()).contains("cn-east");
    assertThat(settings.self().weight()).isEqualTo(5);
    assertThat(settings.health().target()).contains("localhost:9001");
    assertThat(settings.health().security()).isEqualTo(Security.MUTUAL_TLS);
    assertThat(settings.health().authority()).contains("user");
    assertThat(settings.health().interval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.health().timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.health().failures()).isEqualTo(4);
    assertThat(settings.health().successes()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ENDPOINTS | one        | tandem.registry.endpoints | write host:port",
        "ENDPOINTS | ''         | tandem.registry.endpoints | such as localhost:2379",
        "PREFIX    | services   | tandem.registry.prefix    | write one such as /services",
        "PREFIX    | /services/ | tandem.registry.prefix    | write one such as /services",
        "LEASE     | 1s         | tandem.registry.lease     | choose 2s or longer",
        "LEASE     | 2d         | tandem.registry.lease     | such as 20s",
        "HEARTBEAT | 0s         | tandem.registry.heartbeat | such as 10s",
        "TIMEOUT   | -1s        | tandem.registry.timeout   | such as 3s",
        "RETRY     | 0s         | tandem.registry.retry     | such as 5s",
        "SECURITY  | mutual-tls | tandem.registry.security  | tandem.registry.tls.certificate",
        "TYPE      | zookeeper  | tandem.registry.type      | zookeeper",
      })
  void saysWhichKeyIsWrongAndHowToMendIt(String variable, String value, String key, String fix) {
    Map<String, String> variables = new HashMap<>(Map.of("ENDPOINTS", "one:2379"));
    variables.put(variable, value);

    assertThatThrownBy(
            () -> new EtcdServiceRegistry(settingsFrom(variables), RegistryMeter.NONE).close())
        .hasMessageContaining(key)
        .hasMessageContaining(fix);
  }

  private static RegistrySettings settingsFrom(Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>();
    variables.forEach((key, value) -> environment.put("TANDEM_REGISTRY_" + key, value));
    return TestSettings.from(new EnvConfigSource(environment, 300));
  }
}
