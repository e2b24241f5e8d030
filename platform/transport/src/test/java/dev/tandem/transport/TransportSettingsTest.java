package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportSettingsTest {

  @Test
  void haveTheNumbersOfTheDesignByDefault() {
    TransportSettings settings = Settings.of("channels.user.target", "user:9000");

    TransportSettings.Server server = settings.server();
    assertThat(server.security()).isEqualTo(Security.PLAINTEXT);
    assertThat(server.concurrentStreams()).isEqualTo(1000);
    assertThat(bytes(server.window())).isEqualTo(1024 * 1024);
    assertThat(server.keepAlive()).isEqualTo(Duration.ofSeconds(30));
    assertThat(server.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(server.permitKeepAlive()).isEqualTo(Duration.ofSeconds(20));
    assertThat(server.idle()).isEqualTo(Duration.ofMinutes(5));
    assertThat(server.age()).isEqualTo(Duration.ofMinutes(30));
    assertThat(server.ageGrace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(bytes(server.messageSize())).isEqualTo(4 * 1024 * 1024);
    assertThat(bytes(server.headerSize())).isEqualTo(64 * 1024);
    assertThat(server.loadReports()).isFalse();
    TransportSettings.Client client = settings.client();
    assertThat(client.keepAlive()).isEqualTo(Duration.ofSeconds(30));
    assertThat(client.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(client.idle()).isEqualTo(Duration.ofMinutes(5));
    assertThat(bytes(client.window())).isEqualTo(1024 * 1024);
    assertThat(bytes(client.messageSize())).isEqualTo(4 * 1024 * 1024);
    assertThat(bytes(client.headerSize())).isEqualTo(64 * 1024);
    TransportSettings.Target user = Objects.requireNonNull(settings.channels().get("user"));
    assertThat(user.target()).isEqualTo("user:9000");
    assertThat(user.loadBalancing()).isEqualTo(LoadBalancing.PICK_FIRST);
    assertThat(user.security()).isEqualTo(Security.PLAINTEXT);
    assertThat(user.authority()).isEmpty();
    assertThat(user.xds()).isFalse();
    assertThat(settings.tls().certificate()).isEmpty();
    assertThat(settings.tls().key()).isEmpty();
    assertThat(settings.tls().trust()).isEmpty();
    assertThat(settings.tls().refresh()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void readEveryKeyFromTheEnvironment() {
    TransportSettings settings =
        Settings.from(
            new EnvConfigSource(
                Map.ofEntries(
                    Map.entry("TANDEM_TRANSPORT_SERVER_SECURITY", "mutual-tls"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_CONCURRENT_STREAMS", "2"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_WINDOW", "3K"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_KEEP_ALIVE", "14s"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_KEEP_ALIVE_TIMEOUT", "5s"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_PERMIT_KEEP_ALIVE", "6s"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_IDLE", "7s"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_AGE", "8s"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_AGE_GRACE", "9s"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_MESSAGE_SIZE", "10K"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_HEADER_SIZE", "11K"),
                    Map.entry("TANDEM_TRANSPORT_SERVER_LOAD_REPORTS", "true"),
                    Map.entry("TANDEM_TRANSPORT_CLIENT_KEEP_ALIVE", "12s"),
                    Map.entry("TANDEM_TRANSPORT_CLIENT_KEEP_ALIVE_TIMEOUT", "13s"),
                    Map.entry("TANDEM_TRANSPORT_CLIENT_IDLE", "14s"),
                    Map.entry("TANDEM_TRANSPORT_CLIENT_WINDOW", "15K"),
                    Map.entry("TANDEM_TRANSPORT_CLIENT_MESSAGE_SIZE", "16K"),
                    Map.entry("TANDEM_TRANSPORT_CLIENT_HEADER_SIZE", "17K"),
                    Map.entry("TANDEM_TRANSPORT_CHANNELS_USER_TARGET", "there:1"),
                    Map.entry("TANDEM_TRANSPORT_CHANNELS_USER_LOAD_BALANCING", "least-request"),
                    Map.entry("TANDEM_TRANSPORT_CHANNELS_USER_SECURITY", "mutual-tls"),
                    Map.entry("TANDEM_TRANSPORT_CHANNELS_USER_AUTHORITY", "user.tandem"),
                    Map.entry("TANDEM_TRANSPORT_CHANNELS_USER_XDS", "true"),
                    Map.entry("TANDEM_TRANSPORT_TLS_CERTIFICATE", "/tls/tls.crt"),
                    Map.entry("TANDEM_TRANSPORT_TLS_KEY", "/tls/tls.key"),
                    Map.entry("TANDEM_TRANSPORT_TLS_TRUST", "/tls/ca.crt"),
                    Map.entry("TANDEM_TRANSPORT_TLS_REFRESH", "18s")),
                300));

    TransportSettings.Server server = settings.server();
    assertThat(server.security()).isEqualTo(Security.MUTUAL_TLS);
    assertThat(server.concurrentStreams()).isEqualTo(2);
    assertThat(bytes(server.window())).isEqualTo(3 * 1024);
    assertThat(server.keepAlive()).isEqualTo(Duration.ofSeconds(14));
    assertThat(server.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(server.permitKeepAlive()).isEqualTo(Duration.ofSeconds(6));
    assertThat(server.idle()).isEqualTo(Duration.ofSeconds(7));
    assertThat(server.age()).isEqualTo(Duration.ofSeconds(8));
    assertThat(server.ageGrace()).isEqualTo(Duration.ofSeconds(9));
    assertThat(bytes(server.messageSize())).isEqualTo(10 * 1024);
    assertThat(bytes(server.headerSize())).isEqualTo(11 * 1024);
    assertThat(server.loadReports()).isTrue();
    TransportSettings.Client client = settings.client();
    assertThat(client.keepAlive()).isEqualTo(Duration.ofSeconds(12));
    assertThat(client.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(13));
    assertThat(client.idle()).isEqualTo(Duration.ofSeconds(14));
    assertThat(bytes(client.window())).isEqualTo(15 * 1024);
    assertThat(bytes(client.messageSize())).isEqualTo(16 * 1024);
    assertThat(bytes(client.headerSize())).isEqualTo(17 * 1024);
    TransportSettings.Target user = Objects.requireNonNull(settings.channels().get("user"));
    assertThat(user.target()).isEqualTo("there:1");
    assertThat(user.loadBalancing()).isEqualTo(LoadBalancing.LEAST_REQUEST);
    assertThat(user.security()).isEqualTo(Security.MUTUAL_TLS);
    assertThat(user.authority()).contains("user.tandem");
    assertThat(user.xds()).isTrue();
    assertThat(settings.tls().certificate()).contains(Path.of("/tls/tls.crt"));
    assertThat(settings.tls().key()).contains(Path.of("/tls/tls.key"));
    assertThat(settings.tls().trust()).contains(Path.of("/tls/ca.crt"));
    assertThat(settings.tls().refresh()).isEqualTo(Duration.ofSeconds(18));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server.concurrent-streams | 0 | must be 1 or more",
        "server.window | 0 | must be between 1 byte and 2 GiB, such as 1M",
        "server.window | 2G | must be between 1 byte and 2 GiB, such as 1M",
        "server.keep-alive | 9s | must be 10s or longer",
        "server.keep-alive-timeout | 0s | must be 0.01s or longer",
        "server.permit-keep-alive | -1s | must be 0s or longer",
        "server.idle | 0s | must be 1s or longer",
        "server.age | 0.5s | must be 1s or longer",
        "server.age-grace | -1s | must be 0s or longer",
        "server.message-size | 0 | must be between 1 byte and 2 GiB, such as 1M",
        "server.header-size | 0 | must be between 1 byte and 2 GiB, such as 1M",
        "client.keep-alive | 9s | must be 10s or longer",
        "client.keep-alive-timeout | 0s | must be 0.01s or longer",
        "client.idle | 0s | must be 1s or longer",
        "client.window | 0 | must be between 1 byte and 2 GiB, such as 1M",
        "client.message-size | 0 | must be between 1 byte and 2 GiB, such as 1M",
        "client.header-size | 0 | must be between 1 byte and 2 GiB, such as 1M",
        "server.security | mutual-tls | needs tandem.transport.tls.certificate",
        "tls.refresh | 0s | must be 0.01s or longer",
      })
  void refuseWhatCannotBeFollowed(String key, String value, String reason) {
    assertThatExceptionOfType(WrongSettingException.class)
        .isThrownBy(() -> start(key, value))
        .withMessageStartingWith("tandem.transport." + key + "=")
        .withMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "server.idle, soon",
    "server.window, big",
    "server.concurrent-streams, many",
    "server.security, none",
  })
  void refuseWhatCannotBeRead(String key, String value) {
    assertThatExceptionOfType(ConfigValidationException.class)
        .isThrownBy(() -> start(key, value))
        .withMessageContaining("tandem.transport." + key)
        .withMessageContaining(value);
  }

  @Test
  void refuseAKeyThatDoesNotExist() {
    assertThatExceptionOfType(ConfigValidationException.class)
        .isThrownBy(() -> start("server.windwo", "1M"))
        .withMessageContaining("tandem.transport.server.windwo");
  }

  @Test
  void refuseAChannelWithoutATarget() {
    assertThatExceptionOfType(ConfigValidationException.class)
        .isThrownBy(() -> start("channels.user.load-balancing", "round-robin"))
        .withMessageContaining("tandem.transport.channels.user.target");
  }

  private static void start(String key, String value) {
    TransportSettings settings = Settings.of(key, value);
    try (TlsIdentity tls = TlsIdentity.of(settings.tls())) {
      new ServerTransport(settings, tls);
      new ChannelFactory(settings, tls, List.of());
    }
  }

  private static long bytes(MemorySize size) {
    return size.asLongValue();
  }
}
