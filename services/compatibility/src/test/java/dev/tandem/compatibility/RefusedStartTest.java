package dev.tandem.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A wrong setting ends the service's process at start, by an exit code that says so, and the log
 * has the key, the value and what to do. Quarkus alone would log what it thinks of an interceptor
 * that cannot be made, and leave a process behind that serves nobody. The modules identity and
 * mirror have no settings.
 */
class RefusedStartTest {

  private static final int PATIENCE_SECONDS = 120;

  @ParameterizedTest(name = "{0}: {1}={2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          transport  | TANDEM_TRANSPORT_SERVER_KEEP_ALIVE    | 5s        | tandem.transport.server.keep-alive=5s: must be 10s or longer
          transport  | TANDEM_TRANSPORT_CLIENT_IDLE          | 0s        | tandem.transport.client.idle=0s: must be 1s or longer
          transport  | TANDEM_TRANSPORT_SERVER_SECURITY      | mutual-tls | tandem.transport.tls.certificate
          transport  | TANDEM_POD                            | 上海       | tandem.pod=
          auth       | TANDEM_AUTH_ENABLED                   | true      | tandem.auth.issuer is not set, and calls are authenticated. Fix: set it (environment variable TANDEM_AUTH_ISSUER)
          auth       | TANDEM_AUTH_PROPAGATE_TO              | dns:///x  | tandem.auth.propagate-to is 'dns:///x':
          ratelimit  | TANDEM_RATELIMIT_LIMIT                | many      | "many" is not a limit: write calls per s, m or h, such as 100/s
          ratelimit  | TANDEM_RATELIMIT_BUCKETS              | 1         | tandem.ratelimit.buckets: "1" is not usable: choose 100 to 1000000
          ratelimit  | TANDEM_RATELIMIT_STORE_TYPE           | postgresql | tandem.ratelimit.store.type: "POSTGRESQL" needs a bean of the type javax.sql.DataSource
          ratelimit  | TANDEM_RATELIMIT_STORE_CONNECTIONS    | 0         | tandem.ratelimit.store.connections: "0" lets no call ask the store: choose 1 or more
          resilience | TANDEM_RESILIENCE_RETRY_JITTER        | 2         | tandem.resilience.retry.jitter is 2.0: set it to a number from 0.0 to 1.0
          resilience | TANDEM_RESILIENCE_DEADLINE_UNARY      | 0s        | tandem.resilience.deadline.unary is PT0S: set it to a duration from 1ms to 1d
          lifecycle  | TANDEM_LIFECYCLE_DRAIN_TIMEOUT        | 0s        | tandem.lifecycle.drain-timeout is PT0S: it must be longer than zero; set it to a duration such as 20s
          lifecycle  | TANDEM_LIFECYCLE_READINESS_INTERVAL   | -1s       | tandem.lifecycle.readiness-interval is PT-1S: it must be longer than zero
          versioning | TANDEM_VERSIONING_LIFECYCLE           | /no/where | tandem.versioning.lifecycle
          versioning | TANDEM_VERSIONING_NAMED_CALLERS       | -1        | tandem.versioning.named-callers: "-1" is no number of callers: choose 0 or more
          telemetry  | TANDEM_TELEMETRY_SAMPLING             | 1.5       | tandem.telemetry.sampling is 1.5: write a share from 0 to 1
          telemetry  | TANDEM_TELEMETRY_EXPORT               | otlp      | tandem.telemetry.endpoint is not set, and tandem.telemetry.export is otlp
          user       | TANDEM_USER_HEARTBEAT                 | 0s        | tandem.user.heartbeat is PT0S: write a duration from 10ms to 24h
          user       | TANDEM_USER_DIRECTORY                 | /no/where | tandem.user.directory is /no/where: cannot
          user       | TANDEM_USER_NEWEST_VERSION            | v3        | tandem.user.newest-version is "v3": write v1
          """)
  void theUserServiceDoesNotStartWithAWrongSetting(
      String module, String variable, String value, String reason) throws Exception {
    Start start = startOf("user", Map.of(variable, value));

    assertThat(start.exitCode()).as(start.log()).isEqualTo(1);
    assertThat(start.log()).contains(reason);
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TANDEM_PAYMENT_NAME_AGE                    | -1s   | tandem.payment.name-age is PT-1S: set it to 0s to 36500d, such as 24h
          TANDEM_PAYMENT_DATABASE_CONNECTION_TIMEOUT | 249ms | tandem.payment.database.connection-timeout is PT0.249S: set it to 250ms, the pool's least
          TANDEM_PAYMENT_DATABASE_CONNECTIONS        | 0     | tandem.payment.database.connections is 0: set it to 1 or more
          TANDEM_AUTH_ENABLED                        | true  | tandem.auth.issuer is not set
          QUARKUS_DATASOURCE_PASSWORD                | ''    | tandem.payment.database.password is defined as the empty String
          """)
  void thePaymentServiceDoesNotStartWithAWrongSetting(String variable, String value, String reason)
      throws Exception {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("QUARKUS_DATASOURCE_PASSWORD", "secret");
    environment.put(variable, value);

    Start start = startOf("payment", environment);

    assertThat(start.exitCode()).as(start.log()).isEqualTo(1);
    assertThat(start.log()).contains(reason);
  }

  @Test
  void aServiceWhosePortIsTakenEndsAndSaysWhichItIs() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());

      Start start = startOf("user", Map.of("QUARKUS_GRPC_SERVER_PORT", port));

      assertThat(start.exitCode()).as(start.log()).isEqualTo(1);
      assertThat(start.log())
          .contains("quarkus.grpc.server.port=" + port + ": cannot be listened on")
          .contains("end what listens there, or choose another port");
    }
  }

  private record Start(int exitCode, String log) {}

  private static Start startOf(String service, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = ServiceProcess.process(service);
    builder.environment().put("TANDEM_AUTH_ENABLED", "false");
    builder.environment().put("QUARKUS_GRPC_SERVER_PORT", "0");
    builder.environment().putAll(environment);
    Process process = builder.start();
    // One that started all the same is ended, and has another exit code.
    Thread watchdog = Thread.ofVirtual().start(() -> endInTheEnd(process));
    String log = new String(process.getInputStream().readAllBytes(), UTF_8);
    int exitCode = process.waitFor();
    watchdog.interrupt();
    return new Start(exitCode, log);
  }

  private static void endInTheEnd(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
