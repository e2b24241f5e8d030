package dev.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.telemetry.TelemetrySettings.Export;
import dev.tandem.telemetry.TelemetrySettings.LogFormat;
import io.smallrye.config.PropertiesConfigSource;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetrySettingsTest {

  @Test
  void exportsNothingByDefault() {
    TelemetrySettings settings = Settings.of(Map.of());

    assertThat(settings.export()).isEqualTo(Export.NONE);
    assertThat(settings.endpoint()).isEmpty();
    assertThat(settings.headers()).isEmpty();
    assertThat(settings.sampling()).isEqualTo(1.0);
    assertThat(settings.propagators())
        .containsExactly(Propagation.TRACECONTEXT, Propagation.BAGGAGE, Propagation.B3);
    assertThat(settings.queueSize()).isEqualTo(2048);
    assertThat(settings.exportDelay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.exportTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.flushTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.ignoredServices())
        .containsExactlyInAnyOrder(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
    assertThat(settings.maxClusters()).isEqualTo(16);
    assertThat(settings.accessLog()).isEqualTo(AccessLog.Policy.ERRORS);
    assertThat(settings.logs()).isEqualTo(LogFormat.TEXT);
    assertThat(settings.deploymentDigest()).isEqualTo("unknown");
    SettingsCheck.check(settings);
  }

  @Test
  void readsEveryKeyFromTheEnvironment() {
    TelemetrySettings settings =
        Settings.fromEnvironment(
            Map.ofEntries(
                Map.entry("TANDEM_TELEMETRY_EXPORT", "otlp"),
                Map.entry("TANDEM_TELEMETRY_ENDPOINT", "https://collector.example:4318"),
                Map.entry("TANDEM_TELEMETRY_HEADERS_AUTHORIZATION", "Bearer x"),
                Map.entry("TANDEM_TELEMETRY_SAMPLING", "0.25"),
                Map.entry("TANDEM_TELEMETRY_PROPAGATORS", "b3,tracecontext"),
                Map.entry("TANDEM_TELEMETRY_QUEUE_SIZE", "10"),
                Map.entry("TANDEM_TELEMETRY_EXPORT_DELAY", "2s"),
                Map.entry("TANDEM_TELEMETRY_EXPORT_TIMEOUT", "3s"),
                Map.entry("TANDEM_TELEMETRY_FLUSH_TIMEOUT", "4s"),
                Map.entry("TANDEM_TELEMETRY_IGNORED_SERVICES", "a.B"),
                Map.entry("TANDEM_TELEMETRY_MAX_CLUSTERS", "5"),
                Map.entry("TANDEM_TELEMETRY_ACCESS_LOG", "all"),
                Map.entry("TANDEM_TELEMETRY_LOGS", "json"),
                Map.entry("TANDEM_TELEMETRY_DEPLOYMENT_DIGEST", "sha256:feed")));

    assertThat(settings.export()).isEqualTo(Export.OTLP);
    assertThat(settings.endpoint()).contains(URI.create("https://collector.example:4318"));
    assertThat(settings.headers()).containsEntry("authorization", "Bearer x");
    assertThat(settings.sampling()).isEqualTo(0.25);
    assertThat(settings.propagators()).containsExactly(Propagation.B3, Propagation.TRACECONTEXT);
    assertThat(settings.queueSize()).isEqualTo(10);
    assertThat(settings.exportDelay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.exportTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.flushTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.ignoredServices()).containsExactly("a.B");
    assertThat(settings.maxClusters()).isEqualTo(5);
    assertThat(settings.accessLog()).isEqualTo(AccessLog.Policy.ALL);
    assertThat(settings.logs()).isEqualTo(LogFormat.JSON);
    assertThat(settings.deploymentDigest()).isEqualTo("sha256:feed");
    SettingsCheck.check(settings);
  }

  @Test
  void takesTheImagesTagWhereThereIsNoDigest() {
    assertThat(Settings.of(Map.of("tandem.version", "0123456789ab")).deploymentDigest())
        .isEqualTo("0123456789ab");
  }

  @Test
  void readsWhereItRuns() {
    InstanceSettings instance =
        Settings.config(
                new PropertiesConfigSource(
                    Map.of(
                        "tandem.cluster", "shanghai",
                        "tandem.region", "cn-east",
                        "tandem.zone", "cn-east-1",
                        "tandem.namespace", "tandem",
                        "tandem.pod", "user-5d9c-x7k2p",
                        "tandem.version", "0123456789ab"),
                    "test",
                    300))
            .getConfigMapping(InstanceSettings.class);

    assertThat(instance.cluster()).isEqualTo("shanghai");
    assertThat(instance.region()).contains("cn-east");
    assertThat(instance.zone()).contains("cn-east-1");
    assertThat(instance.namespace()).contains("tandem");
    assertThat(instance.pod()).isEqualTo("user-5d9c-x7k2p");
    assertThat(instance.version()).isEqualTo("0123456789ab");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sampling       | 1.5   | a share from 0 to 1
          sampling       | -0.1  | a share from 0 to 1
          sampling       | NaN   | a share from 0 to 1
          queue-size     | 0     | 1 or more
          max-clusters   | 0     | 1 or more
          export-delay   | 0s    | longer than zero
          export-timeout | 0s    | longer than zero
          flush-timeout  | 0s    | longer than zero
          flush-timeout  | 9999d | at most 24h
          """)
  void refusesAValueOutsideItsLimits(String key, String value, String fix) {
    TelemetrySettings settings = Settings.of(Map.of("tandem.telemetry." + key, value));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SettingsCheck.check(settings))
        .withMessageContaining("tandem.telemetry." + key + " is ")
        .withMessageContaining(fix);
  }

  /** It goes into the metadata of every call that is made. */
  @ParameterizedTest
  @ValueSource(strings = {"shang\nhai", "上海", "\u0000"})
  void refusesAClusterThatMetadataCannotCarry(String cluster) {
    InstanceSettings instance =
        Settings.config(new PropertiesConfigSource(Map.of("tandem.cluster", cluster), "test", 300))
            .getConfigMapping(InstanceSettings.class);

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SettingsCheck.check(instance))
        .withMessageContaining("tandem.cluster is '" + cluster + "': write printable ASCII");
  }

  @ParameterizedTest
  @CsvSource({
    "export, zipkin, 'otlp'",
    "propagators, jaeger, 'b3'",
    "access-log, everything, 'errors'",
    "logs, xml, 'json'",
    "sampling, often, 'sampling'",
    "queue-size, many, 'queue-size'",
  })
  void refusesAWordThatItDoesNotKnow(String key, String value, String hint) {
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> Settings.of(Map.of("tandem.telemetry." + key, value)))
        .withMessageContaining("tandem.telemetry." + key)
        .withMessageContaining(value)
        .withMessageContaining(hint);
  }

  @Test
  void refusesAnExportWithoutAnAddress() {
    TelemetrySettings settings = Settings.of(Map.of("tandem.telemetry.export", "otlp"));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SettingsCheck.check(settings))
        .withMessageContaining("tandem.telemetry.endpoint is not set")
        .withMessageContaining("http://otel-collector:4318");
  }

  @ParameterizedTest
  @CsvSource({"otel-collector:4318", "grpc://otel-collector:4317", "http:///v1/traces"})
  void refusesAnAddressThatIsNoUrl(String endpoint) {
    TelemetrySettings settings =
        Settings.of(
            Map.of("tandem.telemetry.export", "otlp", "tandem.telemetry.endpoint", endpoint));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SettingsCheck.check(settings))
        .withMessageContaining("tandem.telemetry.endpoint is " + endpoint);
  }
}
