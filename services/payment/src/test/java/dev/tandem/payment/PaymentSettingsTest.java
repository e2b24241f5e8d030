package dev.tandem.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaymentSettingsTest {

  @Test
  void givesUpBeforeACallerDoesByDefault() throws IOException {
    PaymentSettings settings = settingsFrom(Map.of("QUARKUS_DATASOURCE_PASSWORD", "secret"));

    assertThat(settings.nameAge()).isEqualTo(Duration.ofHours(24));
    assertThat(settings.userVersion()).isEqualTo(PaymentSettings.UserVersion.V1);
    assertThat(settings.database().url()).isEqualTo("jdbc:postgresql://postgres:5432/tandem");
    assertThat(settings.database().username()).isEqualTo("tandem");
    assertThat(settings.database().connections()).isEqualTo(10);
    assertThat(settings.database().connectionTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.database().statementTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.database().retry()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void readsTheDatabaseWhereTheChartSetsIt() throws IOException {
    PaymentSettings settings =
        settingsFrom(
            Map.of(
                "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://elsewhere:5432/tandem",
                "QUARKUS_DATASOURCE_USERNAME", "payer",
                "QUARKUS_DATASOURCE_PASSWORD", "secret"));

    assertThat(settings.database().url()).isEqualTo("jdbc:postgresql://elsewhere:5432/tandem");
    assertThat(settings.database().username()).isEqualTo("payer");
    assertThat(settings.database().password()).isEqualTo("secret");
  }

  @Test
  void readsEveryKeyFromTheEnvironment() throws IOException {
    PaymentSettings settings =
        settingsFrom(
            Map.of(
                "TANDEM_PAYMENT_NAME_AGE", "1h",
                "TANDEM_PAYMENT_USER_VERSION", "v2",
                "TANDEM_PAYMENT_DATABASE_URL", "jdbc:postgresql://here:1/x",
                "TANDEM_PAYMENT_DATABASE_USERNAME", "me",
                "TANDEM_PAYMENT_DATABASE_PASSWORD", "mine",
                "TANDEM_PAYMENT_DATABASE_CONNECTIONS", "3",
                "TANDEM_PAYMENT_DATABASE_CONNECTION_TIMEOUT", "4s",
                "TANDEM_PAYMENT_DATABASE_STATEMENT_TIMEOUT", "6s",
                "TANDEM_PAYMENT_DATABASE_RETRY", "7s"));

    assertThat(settings.nameAge()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.userVersion()).isEqualTo(PaymentSettings.UserVersion.V2);
    assertThat(settings.database().url()).isEqualTo("jdbc:postgresql://here:1/x");
    assertThat(settings.database().username()).isEqualTo("me");
    assertThat(settings.database().password()).isEqualTo("mine");
    assertThat(settings.database().connections()).isEqualTo(3);
    assertThat(settings.database().connectionTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.database().statementTimeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(settings.database().retry()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void hasNoDefaultForThePassword() {
    assertThatExceptionOfType(ConfigValidationException.class)
        .isThrownBy(() -> settingsFrom(Map.of()))
        .withMessageContaining("quarkus.datasource.password");
  }

  @Test
  void acceptsWhatIsSetByDefaultAndNoAgeAtAll() throws IOException {
    SettingsCheck.check(settingsFrom(Map.of("QUARKUS_DATASOURCE_PASSWORD", "secret")));
    SettingsCheck.check(
        settingsFrom(
            Map.of("QUARKUS_DATASOURCE_PASSWORD", "secret", "TANDEM_PAYMENT_NAME_AGE", "0s")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name-age                    | -1s         | PT-1S  | 0s to 36500d
          name-age                    | 99999d      | PT239  | 0s to 36500d
          database.url                | postgres:1  | postgr | jdbc:postgresql://HOST:PORT/DATABASE
          database.username           | ' '         | ' '    | a role's name
          database.connections        | 0           | 0      | 1 or more
          database.connection-timeout | 249ms       | PT0.24 | 250ms, the pool's least
          database.connection-timeout | 2h          | PT2H   | to 1h
          database.statement-timeout  | 999ms       | PT0.99 | 1s, the driver's least
          database.retry              | 0s          | PT0S   | 1ms to 1h
          """)
  void namesTheWrongSettingItsValueAndTheFix(String key, String value, String shown, String fix)
      throws IOException {
    PaymentSettings settings =
        settingsFrom(
            Map.of(
                "QUARKUS_DATASOURCE_PASSWORD",
                "secret",
                "TANDEM_PAYMENT_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"),
                value));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SettingsCheck.check(settings))
        .withMessageStartingWith("tandem.payment.%s is %s".formatted(key, shown))
        .withMessageContaining(fix);
  }

  @Test
  void keepsAPasswordInTheUrlToItself() throws IOException {
    PaymentSettings settings =
        settingsFrom(
            Map.of(
                "QUARKUS_DATASOURCE_PASSWORD", "secret",
                "TANDEM_PAYMENT_DATABASE_URL", "jdbc:mysql://here/x?password=secret"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SettingsCheck.check(settings))
        .withMessageStartingWith("tandem.payment.database.url is jdbc:mysql://here/x?...")
        .withMessageNotContaining("secret");
  }

  /** The environment over the settings that are packaged with the service. */
  private static PaymentSettings settingsFrom(Map<String, String> environment) throws IOException {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(
            new EnvConfigSource(environment, 300),
            new PropertiesConfigSource(
                PaymentSettingsTest.class.getResource("/application.properties"), 250))
        .withProfile("prod")
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(PaymentSettings.class)
        .build()
        .getConfigMapping(PaymentSettings.class);
  }
}
