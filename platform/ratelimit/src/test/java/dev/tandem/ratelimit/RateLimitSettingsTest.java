package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitSettingsTest {

  private static final String CALLER = "spiffe://cluster.local/ns/tandem/sa/caller";
  private static final String CHARGE = "tandem.payment.v1.PaymentService/Charge";

  @Test
  void limitsEverybodyToAHundredCallsASecondByDefault() {
    RateLimitSettings settings = settingsFrom(environment(Map.of()));

    assertThat(settings.enabled()).isTrue();
    assertThat(settings.store().type()).isEqualTo(RateLimitSettings.StoreType.NONE);
    assertThat(settings.store().timeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(settings.store().retry()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.store().connections()).isEqualTo(4);
    assertThat(RateLimitPolicy.from(settings))
        .isEqualTo(RateLimitPolicy.of(Limit.of("100/s burst 200")));
  }

  @Test
  void readsEveryKeyFromTheEnvironment() {
    RateLimitSettings settings =
        settingsFrom(
            environment(
                Map.of(
                    "TANDEM_RATELIMIT_ENABLED", "false",
                    "TANDEM_RATELIMIT_LIMIT", "50/s",
                    "TANDEM_RATELIMIT_CALLERS", CALLER + "=20000/s;ada=5/m burst 10",
                    "TANDEM_RATELIMIT_METHODS", CHARGE + "=20/s;ada " + CHARGE + "=1/s",
                    "TANDEM_RATELIMIT_EXEMPT",
                        "grpc.health.v1.Health,grpc.reflection.v1.ServerReflection",
                    "TANDEM_RATELIMIT_SIDECARS", "127.0.0.6/32",
                    "TANDEM_RATELIMIT_TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8",
                    "TANDEM_RATELIMIT_TRUSTED_WORKLOADS",
                        "spiffe://cluster.local/ns/istio-system/sa/gateway",
                    "TANDEM_RATELIMIT_BUCKETS", "500")));
    RateLimitPolicy policy = RateLimitPolicy.from(settings);

    assertThat(settings.enabled()).isFalse();
    assertThat(policy.limit()).isEqualTo(Limit.of("50/s"));
    assertThat(policy.callers())
        .containsOnly(
            Map.entry(CALLER, Limit.of("20000/s")), Map.entry("ada", Limit.of("5/m burst 10")));
    assertThat(policy.methods())
        .containsOnly(
            Map.entry(CHARGE, Limit.of("20/s")), Map.entry("ada " + CHARGE, Limit.of("1/s")));
    assertThat(policy.exempt())
        .containsOnly("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
    assertThat(policy.sidecars()).map(Object::toString).containsExactly("127.0.0.6/32");
    assertThat(policy.trustedProxies()).hasSize(2);
    assertThat(policy.trustedWorkloads())
        .isEqualTo(Set.of("spiffe://cluster.local/ns/istio-system/sa/gateway"));
    assertThat(policy.buckets()).isEqualTo(500);
  }

  @Test
  void readsTheStoreFromTheEnvironment() {
    RateLimitSettings.Store store =
        settingsFrom(
                environment(
                    Map.of(
                        "TANDEM_RATELIMIT_STORE_TYPE", "postgresql",
                        "TANDEM_RATELIMIT_STORE_TIMEOUT", "1s",
                        "TANDEM_RATELIMIT_STORE_RETRY", "5s",
                        "TANDEM_RATELIMIT_STORE_CONNECTIONS", "2")))
            .store();

    assertThat(store.type()).isEqualTo(RateLimitSettings.StoreType.POSTGRESQL);
    assertThat(store.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(store.retry()).isEqualTo(Duration.ofSeconds(5));
    assertThat(store.connections()).isEqualTo(2);
  }

  @Test
  void exemptsNothingWhenTheSettingIsEmpty() {
    assertThat(
            RateLimitPolicy.from(settingsFrom(environment(Map.of("TANDEM_RATELIMIT_EXEMPT", ""))))
                .exempt())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TANDEM_RATELIMIT_LIMIT           | many           | tandem.ratelimit.limit | write calls per s, m or h",
        "TANDEM_RATELIMIT_CALLERS         | ada=0/s        | tandem.ratelimit.callers | must be 1 to 10000000",
        "TANDEM_RATELIMIT_CALLERS         | 100/s          | tandem.ratelimit.callers | write entries as name=100/s",
        "TANDEM_RATELIMIT_CALLERS         | a=1/s;a=2/s    | tandem.ratelimit.callers | is there twice",
        "TANDEM_RATELIMIT_METHODS         | Charge=1/s     | tandem.ratelimit.methods | package.Service/Method",
        "TANDEM_RATELIMIT_EXEMPT          | grpc/health    | tandem.ratelimit.exempt | the full name of a service",
        "TANDEM_RATELIMIT_SIDECARS        | localhost      | tandem.ratelimit.sidecars | a slash and a prefix length",
        "TANDEM_RATELIMIT_TRUSTED_PROXIES | 10.0.0.1/8     | tandem.ratelimit.trusted-proxies | no bit may be set after the prefix",
        "TANDEM_RATELIMIT_TRUSTED_WORKLOADS | gateway      | tandem.ratelimit.trusted-workloads | spiffe://",
        "TANDEM_RATELIMIT_BUCKETS         | 5              | tandem.ratelimit.buckets | choose 100 to 1000000",
        "TANDEM_RATELIMIT_STORE_TYPE      | redis          | tandem.ratelimit.store.type | postgresql",
      })
  void saysWhichKeyIsWrongAndHowToMendIt(String variable, String value, String key, String fix) {
    assertThatThrownBy(
            () -> RateLimitPolicy.from(settingsFrom(environment(Map.of(variable, value)))))
        .hasMessageContaining(key)
        .hasMessageContaining(value.replaceFirst("=[0-9]+/s$", ""))
        .hasMessageContaining(fix);
  }

  @ParameterizedTest
  @CsvSource({
    "TIMEOUT,     0s, tandem.ratelimit.store.timeout,     such as 250ms",
    "RETRY,      -1s, tandem.ratelimit.store.retry,       such as 250ms",
    "CONNECTIONS,  0, tandem.ratelimit.store.connections, choose 1 or more",
  })
  void saysWhichKeyOfTheStoreIsWrong(String variable, String value, String key, String fix) {
    RateLimitSettings.Store store =
        settingsFrom(environment(Map.of("TANDEM_RATELIMIT_STORE_" + variable, value))).store();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedStores.check(store))
        .withMessageContaining(key)
        .withMessageContaining(fix);
  }

  private static ConfigSource environment(Map<String, String> variables) {
    return new EnvConfigSource(variables, 300);
  }

  private static RateLimitSettings settingsFrom(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(source)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(RateLimitSettings.class)
        .build()
        .getConfigMapping(RateLimitSettings.class);
  }
}
