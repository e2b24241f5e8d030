package dev.tandem.registry;

import static dev.tandem.registry.ServiceRegistryContract.awaitPresent;
import static dev.tandem.registry.ServiceRegistryContract.stateOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An etcd that asks everybody for a certificate and gives rights to its common name: {@code user}
 * may write its own service's keys and read those of payment, and no more.
 */
class EtcdAccessTest {

  private static Certificates certificates;
  private static ServerProcess etcd;
  private static Map<String, String> settings;

  @BeforeAll
  static void start() throws Exception {
    Path folder = ServerProcess.newFolder("etcd-access");
    certificates = new Certificates(folder);
    for (String name : List.of("server", "root", "user")) {
      certificates.issue(name);
    }
    Address address = new Address("127.0.0.1", ServerProcess.freePort());
    String clients = "https://" + address;
    String peers = "http://127.0.0.1:" + ServerProcess.freePort();
    etcd =
        new ServerProcess(
            folder,
            "etcd",
            List.of(
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers,
                "--cert-file=" + certificates.certificate("server"),
                "--key-file=" + certificates.key("server"),
                "--trusted-ca-file=" + certificates.certificate("ca"),
                "--client-cert-auth",
                "--unsafe-no-fsync",
                "--log-level=warn"));
    Etcdctl operator =
        new Etcdctl(
            "--endpoints=" + clients,
            "--cacert=" + certificates.certificate("ca"),
            "--cert=" + certificates.certificate("root"),
            "--key=" + certificates.key("root"),
            "--command-timeout=1m");
    etcd.awaitReady(() -> operator.run("endpoint", "health").contains("is healthy"));
    for (String user : List.of("root", "user")) {
      var _ = operator.run("user", "add", user, "--no-password");
      var _ = operator.run("role", "add", user);
      var _ = operator.run("user", "grant-role", user, user);
    }
    var _ =
        operator.run(
            "role", "grant-permission", "user", "readwrite", "/services/user/", "--prefix");
    var _ =
        operator.run("role", "grant-permission", "user", "read", "/services/payment/", "--prefix");
    var _ = operator.run("auth", "enable");
    settings =
        Map.of(
            "endpoints", address.toString(),
            "timeout", "10s",
            "heartbeat", "1s",
            "retry", "200ms");
  }

  @AfterAll
  static void stop() {
    etcd.close();
  }

  @Test
  void aServiceRegistersItselfAndIsSeenAndLeaves() {
    try (ServiceRegistry user = open("user");
        Registration registration = user.register(instance("user", "a"))) {
      RecordedViews views = new RecordedViews();
      var _ = user.watch("user", views);
      views.awaitLast(instance("user", "a"));

      registration.withdraw();

      views.awaitLast();
    }
  }

  @Test
  void aServiceCannotRegisterAsAnother() {
    try (ServiceRegistry user = open("user")) {
      RecordedViews payments = new RecordedViews();
      var _ = user.watch("payment", payments);
      payments.awaitLast();

      Registration registration = user.register(instance("payment", "a"));

      assertThat(refusalOf(registration))
          .contains("PERMISSION_DENIED", "permission denied", "a role for its keys");
      assertThat(payments.all()).hasSize(1);
    }
  }

  @Test
  void aServiceThatItMayNotReadIsNotTakenForOneWithoutInstances() {
    try (ServiceRegistry user = open("user")) {
      RecordedViews views = new RecordedViews();
      var _ = user.watch("ledger", views);

      await().atMost(ServerProcess.LIMIT).until(() -> !views.problems().isEmpty());

      assertThat(views.problems().getFirst()).contains("permission denied");
      assertThat(views.all()).isEmpty();
    }
  }

  /** The service would serve all the same: nothing throws, and the registry is asked again. */
  @Test
  void anExpiredCertificateIsSaidClearlyAndReplacedWhileItRuns() throws Exception {
    Certificates renewed = new Certificates(ServerProcess.newFolder("etcd-renewed"));
    renewed.issue("user", Instant.now().minus(Duration.ofHours(1)));
    try (ServiceRegistry user = open(renewed, "user")) {
      Registration registration = user.register(instance("user", "b"));
      assertThat(refusalOf(registration)).contains("tandem.registry.tls.certificate", "expired");

      for (String file : List.of("user.key", "user.crt", "ca.crt")) {
        renewed.takeOver(certificates, file);
      }

      awaitPresent(registration);
    }
  }

  @Test
  void anAuthorityThatItDoesNotKnowIsSaidClearly() throws Exception {
    Certificates foreign = new Certificates(ServerProcess.newFolder("etcd-foreign"));
    foreign.issue("user");
    try (ServiceRegistry user = open(foreign, "user")) {
      Registration registration = user.register(instance("user", "c"));

      RegistrationState state =
          stateOf(registration, RegistrationState.Unreachable.class::isInstance);

      assertThat(((RegistrationState.Unreachable) state).problem())
          .contains("etcd at 127.0.0.1", "the server's certificate", "CN=server");
    }
  }

  private static String refusalOf(Registration registration) {
    RegistrationState state = stateOf(registration, RegistrationState.Refused.class::isInstance);
    return ((RegistrationState.Refused) state).problem();
  }

  private static ServiceRegistry open(String name) {
    return open(certificates, name);
  }

  private static ServiceRegistry open(Certificates from, String name) {
    return new EtcdServiceRegistry(
        TestSettings.of(from.settings(name, settings)), RegistryMeter.NONE);
  }

  private static Instance instance(String service, String id) {
    return new Instance(service, id, new Address("a.example", 9000), "1", "", "", 100);
  }
}
