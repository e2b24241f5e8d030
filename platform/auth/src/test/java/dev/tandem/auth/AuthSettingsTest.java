package dev.tandem.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.auth.AccessRules.Rule;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthSettingsTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "tandem.auth.issuer", TestIssuer.ISSUER,
          "tandem.auth.audience", TestIssuer.AUDIENCE);

  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  @TempDir
  Path folder;

  @Test
  void isStrictByDefault() {
    AuthSettings settings = settings(LEAST);

    assertThat(settings.enabled()).isTrue();
    assertThat(TokenRules.from(settings)).isEqualTo(TestIssuer.rules());
    assertThat(AccessRules.from(settings)).isEqualTo(AccessRules.standard());
    assertThat(settings.propagateTo()).isEmpty();
    assertThat(settings.jwks().location()).isEmpty();
    assertThat(settings.jwks().trust()).isEmpty();
    assertThat(settings.jwks().refresh()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.jwks().refetchInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.jwks().timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.jwks().maxBytes()).isEqualTo(262_144);
    assertThat(settings.jwks().maxKeys()).isEqualTo(100);
  }

  @Test
  void readsEveryKeyFromTheEnvironment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("TANDEM_AUTH_ENABLED", "false");
    environment.put("TANDEM_AUTH_ISSUER", "tandem");
    environment.put("TANDEM_AUTH_AUDIENCE", "services");
    environment.put("TANDEM_AUTH_ALGORITHMS", "ES256");
    environment.put("TANDEM_AUTH_CLOCK_SKEW", "0s");
    environment.put("TANDEM_AUTH_MAX_LIFETIME", "10m");
    environment.put("TANDEM_AUTH_MAX_TOKEN_BYTES", "2048");
    environment.put("TANDEM_AUTH_EXEMPT", "grpc.health.v1.Health");
    environment.put("TANDEM_AUTH_RULES_0__METHODS", "a.B/C,a.D");
    environment.put("TANDEM_AUTH_RULES_0__SUBJECTS", "ada,grace");
    environment.put("TANDEM_AUTH_RULES_0__SCOPES", "read");
    environment.put("TANDEM_AUTH_PROPAGATE_TO", "user:9000,other");
    environment.put("TANDEM_AUTH_JWKS_LOCATION", "/etc/keys.json");
    environment.put("TANDEM_AUTH_JWKS_TRUST", "/etc/ca.pem");
    environment.put("TANDEM_AUTH_JWKS_REFRESH", "2m");
    environment.put("TANDEM_AUTH_JWKS_REFETCH_INTERVAL", "1s");
    environment.put("TANDEM_AUTH_JWKS_TIMEOUT", "3s");
    environment.put("TANDEM_AUTH_JWKS_MAX_BYTES", "1000");
    environment.put("TANDEM_AUTH_JWKS_MAX_KEYS", "7");

    AuthSettings settings = settings(new EnvConfigSource(environment, 300));

    assertThat(settings.enabled()).isFalse();
    assertThat(TokenRules.from(settings))
        .isEqualTo(
            new TokenRules(
                "tandem",
                "services",
                Set.of(SignatureAlgorithm.ES256),
                Duration.ZERO,
                Duration.ofMinutes(10),
                2048));
    assertThat(AccessRules.from(settings))
        .isEqualTo(
            new AccessRules(
                Set.of("grpc.health.v1.Health"),
                List.of(new Rule(Set.of("a.B/C", "a.D"), Set.of("ada", "grace"), Set.of("read")))));
    assertThat(settings.propagateTo()).contains(List.of("user:9000", "other"));
    assertThat(settings.jwks().location()).contains("/etc/keys.json");
    assertThat(settings.jwks().trust()).contains(Path.of("/etc/ca.pem"));
    assertThat(settings.jwks().refresh()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.jwks().refetchInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.jwks().timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.jwks().maxBytes()).isEqualTo(1000);
    assertThat(settings.jwks().maxKeys()).isEqualTo(7);
  }

  @Test
  void exemptsNothingWhenTheListIsEmpty() {
    assertThat(AccessRules.from(settings(with("exempt", ""))).exempt()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"issuer", "audience", "jwks.location"})
  void doesNotStartWithoutASettingThatHasNoDefault(String missing) throws IOException {
    Map<String, String> values = new HashMap<>(LEAST);
    values.put(
        "tandem.auth.jwks.location",
        Files.write(folder.resolve("jwks.json"), new TestIssuer("issuer").jwks()).toString());
    AuthenticationInterceptor complete = new AuthenticationInterceptor(settings(values));
    values.remove("tandem.auth." + missing);

    assertThat(complete.getPriority()).isEqualTo(6000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AuthenticationInterceptor(settings(values)))
        .withMessageStartingWith(
            "tandem.auth.%s is not set, and calls are authenticated. Fix: set it (environment variable TANDEM_AUTH_%s) to "
                .formatted(missing, missing.replace('.', '_').toUpperCase(java.util.Locale.ROOT)))
        .withMessageEndingWith("; or say tandem.auth.enabled=false");
  }

  @Test
  void needsNothingWhenItIsSaidThatNobodyIsAuthenticated() {
    AuthenticationInterceptor interceptor =
        new AuthenticationInterceptor(settings(Map.of("tandem.auth.enabled", "false")));
    try (GuardedServer server = new GuardedServer(interceptor)) {
      assertThat(server.call(new io.grpc.Metadata()).isOk()).isTrue();
      assertThat(server.callers).containsExactly("nobody");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "algorithms        | HS256     | there are RS256, ES256, EdDSA only",
        "algorithms        | none      | there are RS256, ES256, EdDSA only",
        "clock-skew        | -1s       | it has to be between 0s and 5m",
        "clock-skew        | 1h        | it has to be between 0s and 5m",
        "max-lifetime      | 0s        | it has to be longer than 0s",
        "max-token-bytes   | 0         | it has to be between 1 and 65536",
        "max-token-bytes   | 99999999  | it has to be between 1 and 65536",
        "exempt            | a/b       | it has to be a service's full name",
        "rules[0].methods  | get user  | it has to be a method such as",
        "jwks.location     | /nowhere  | it cannot be used: java.nio.file.NoSuchFileException",
        "jwks.location     | http://a/ | it has to be a file's path or an https URL",
        "jwks.timeout      | 0s        | it has to be longer than 0s",
        "jwks.refresh      | 1s        | it must not be shorter than",
        "jwks.refetch-interval | 0s    | it has to be longer than 0s",
        "jwks.max-bytes    | 0         | it has to be at least 1",
        "jwks.max-keys     | 0         | it has to be at least 1",
      })
  void namesTheWrongSettingItsValueAndTheRule(String key, String value, String rule)
      throws IOException {
    Map<String, String> values = with(key, value);
    values.putIfAbsent(
        "tandem.auth.jwks.location",
        Files.write(folder.resolve("jwks.json"), new TestIssuer("issuer").jwks()).toString());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AuthenticationInterceptor(settings(values)))
        .withMessageStartingWith("tandem.auth." + key + " is '")
        .withMessageContaining(rule);
  }

  @Test
  void namesATargetThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TokenPropagationInterceptor(settings(with("propagate-to", "dns:///user"))))
        .withMessage(
            "tandem.auth.propagate-to is 'dns:///user': it has to be host or host:port, such as user:9000");
  }

  private static Map<String, String> with(String key, String value) {
    Map<String, String> values = new HashMap<>(LEAST);
    values.put("tandem.auth." + key, value);
    return values;
  }

  private static AuthSettings settings(Map<String, String> values) {
    return settings(new PropertiesConfigSource(values, "test", 300));
  }

  private static AuthSettings settings(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(source)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(AuthSettings.class)
        .build()
        .getConfigMapping(AuthSettings.class);
  }
}
