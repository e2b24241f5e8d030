package dev.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationDigestTest {

  private static final Map<String, String> RELEASE =
      Map.of(
          "tandem.cluster", "shanghai",
          "tandem.pod", "user-5d9c-x7k2p",
          "tandem.payment.database.url", "jdbc:postgresql://postgres:5432/tandem",
          "tandem.payment.database.password", "hunter2",
          "quarkus.shutdown.timeout", "20s");

  @Test
  void isTwelveHexDigitsAndAlwaysTheSame() {
    assertThat(digest(RELEASE)).matches("[0-9a-f]{12}").isEqualTo(digest(RELEASE));
  }

  @Test
  void changesWithASetting() {
    assertThat(with("quarkus.shutdown.timeout", "30s")).isNotEqualTo(digest(RELEASE));
    assertThat(with("tandem.payment.user-deadline", "1s")).isNotEqualTo(digest(RELEASE));
  }

  @Test
  void doesNotCareWhereASettingComesFrom() {
    Map<String, String> less = new HashMap<>(RELEASE);
    less.remove("quarkus.shutdown.timeout");

    String digest =
        ConfigurationDigest.of(
            config(
                properties(less),
                new PropertiesConfigSource(
                    Map.of("quarkus.shutdown.timeout", "20s"), "elsewhere", 400)));

    assertThat(digest).isEqualTo(digest(RELEASE));
  }

  @Test
  void seesWhatTheEnvironmentSets() {
    Map<String, String> environment = Map.of("TANDEM_TELEMETRY_SAMPLING", "0.5");

    String digest =
        ConfigurationDigest.of(config(properties(RELEASE), new EnvConfigSource(environment, 400)));

    assertThat(digest).isNotEqualTo(digest(RELEASE));
  }

  @Test
  void resolvesWhatPointsToAnotherSetting() {
    Map<String, String> one = Map.of("tandem.a", "${b}", "b", "1");
    Map<String, String> two = Map.of("tandem.a", "${b}", "b", "2");

    assertThat(digest(one)).isNotEqualTo(digest(two));
  }

  @ParameterizedTest
  @CsvSource({
    "tandem.cluster, beijing",
    "tandem.region, cn-north",
    "tandem.zone, cn-north-1",
    "tandem.namespace, other",
    "tandem.pod, user-5d9c-abcde",
    "tandem.version, 0123456789ab",
    "tandem.telemetry.deployment-digest, sha256:feed",
    "quarkus.uuid, 7a3b",
    "user.home, /home/nonroot",
  })
  void isTheSameInEveryPodOfARelease(String key, String value) {
    assertThat(with(key, value)).isEqualTo(digest(RELEASE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tandem.payment.database.password",
        "tandem.auth.client-secret",
        "tandem.auth.api-key",
        "tandem.auth.token",
        "quarkus.tls.key-store.p12.password",
        "tandem.telemetry.headers.authorization",
      })
  void knowsNoSecret(String key) {
    assertThat(with(key, "another")).isEqualTo(digest(RELEASE));
  }

  @Test
  void knowsNoSecretThatIsPartOfAnAddress() {
    assertThat(
            with(
                "tandem.payment.database.url",
                "jdbc:postgresql://tandem:hunter2@postgres:5432/tandem"))
        .isEqualTo(digest(RELEASE));
    assertThat(with("tandem.x", "jdbc:postgresql://postgres/tandem?password=one&ssl=true"))
        .isEqualTo(with("tandem.x", "jdbc:postgresql://postgres/tandem?password=two&ssl=true"));
  }

  private static String with(String key, String value) {
    Map<String, String> changed = new HashMap<>(RELEASE);
    changed.put(key, value);
    return digest(changed);
  }

  private static String digest(Map<String, String> settings) {
    return ConfigurationDigest.of(config(properties(settings)));
  }

  private static ConfigSource properties(Map<String, String> settings) {
    return new PropertiesConfigSource(settings, "test", 300);
  }

  private static Config config(ConfigSource... sources) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(sources)
        .withMapping(TelemetrySettings.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withValidateUnknown(false)
        .build();
  }
}
