package dev.tandem.registry;

import static dev.tandem.registry.ServiceRegistryContract.awaitPresent;
import static dev.tandem.registry.ServiceRegistryContract.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Consul that asks everybody for a certificate. */
class ConsulTlsTest {

  private static Certificates certificates;
  private static ConsulServer consul;
  private static Map<String, String> settings;

  @BeforeAll
  static void start() throws Exception {
    certificates = new Certificates(ServerProcess.newFolder("consul-tls"));
    certificates.issue("server");
    certificates.issue("user");
    int port = ServerProcess.freePort();
    consul =
        ConsulServer.start(
            """
            "tls": {"https": {"ca_file": "%s", "cert_file": "%s", "key_file": "%s", "verify_incoming": true}}
            """
                .formatted(
                    certificates.certificate("ca"),
                    certificates.certificate("server"),
                    certificates.key("server")),
            "",
            port);
    settings =
        Map.of(
            "endpoints",
            "127.0.0.1:" + port,
            "timeout",
            "10s",
            "heartbeat",
            "1s",
            "retry",
            "200ms");
  }

  @AfterAll
  static void stop() {
    consul.close();
  }

  @Test
  void aServiceRegistersItselfAndIsSeen() {
    try (ServiceRegistry registry = open(certificates)) {
      RecordedViews views = new RecordedViews();
      var _ = registry.watch("user", views);
      awaitPresent(registry.register(instance("a")));

      views.awaitLast(instance("a"));
    }
  }

  @Test
  void anAuthorityThatItDoesNotKnowIsSaidClearly() throws Exception {
    Certificates foreign = new Certificates(ServerProcess.newFolder("consul-foreign"));
    foreign.issue("user");
    try (ServiceRegistry registry = open(foreign)) {
      Registration registration = registry.register(instance("b"));

      RegistrationState state =
          stateOf(registration, RegistrationState.Unreachable.class::isInstance);

      assertThat(((RegistrationState.Unreachable) state).problem())
          .contains("Consul at 127.0.0.1", "the server's certificate", "CN=server");
    }
  }

  private static ServiceRegistry open(Certificates certificates) {
    return consul.open(certificates.settings("user", settings), RegistryMeter.NONE);
  }

  private static Instance instance(String id) {
    return new Instance("user", id, new Address("a.example", 9000), "1", "", "", 100);
  }
}
