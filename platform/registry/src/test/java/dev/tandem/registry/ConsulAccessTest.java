package dev.tandem.registry;

import static dev.tandem.registry.ServiceRegistryContract.awaitPresent;
import static dev.tandem.registry.ServiceRegistryContract.stateOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Consul that gives nobody rights but for a token: {@code user}'s is for its own keys. */
class ConsulAccessTest {

  private static final String ROOT = "5c1ab0ea-7d1b-4b5c-a3a4-0d3a5f0c1b11";

  private static ConsulServer consul;
  private static String user;

  @BeforeAll
  static void start() throws Exception {
    consul =
        ConsulServer.start(
            """
            "acl": {"enabled": true, "default_policy": "deny", "tokens": {"initial_management": "%s"}}
            """
                .formatted(ROOT),
            ROOT,
            ConsulServer.NO_PORT);
    user =
        tokenFor(
            """
            key_prefix "services/user/" { policy = "write" }
            session_prefix "" { policy = "write" }
            """);
  }

  private static String tokenFor(String rules) throws Exception {
    JsonObject policy = new JsonObject();
    policy.addProperty("Name", "user");
    policy.addProperty("Rules", rules);
    var _ = consul.send("PUT", "/v1/acl/policy", BodyPublishers.ofString(policy.toString()));
    JsonObject named = new JsonObject();
    named.addProperty("Name", "user");
    JsonArray policies = new JsonArray();
    policies.add(named);
    JsonObject token = new JsonObject();
    token.add("Policies", policies);
    return JsonParser.parseString(
            consul.send("PUT", "/v1/acl/token", BodyPublishers.ofString(token.toString())))
        .getAsJsonObject()
        .get("SecretID")
        .getAsString();
  }

  @AfterAll
  static void stop() {
    consul.close();
  }

  @Test
  void aServiceRegistersItselfAndIsSeen() {
    try (ServiceRegistry registry = open(Map.of("token", user))) {
      RecordedViews views = new RecordedViews();
      var _ = registry.watch("user", views);
      awaitPresent(registry.register(instance("user")));

      views.awaitLast(instance("user"));
    }
  }

  @Test
  void aServiceCannotRegisterAsAnother() {
    try (ServiceRegistry registry = open(Map.of("token", user))) {
      Registration registration = registry.register(instance("payment"));

      RegistrationState state = stateOf(registration, RegistrationState.Refused.class::isInstance);

      assertThat(((RegistrationState.Refused) state).problem())
          .contains("HTTP 403", "tandem.registry.token");
    }
  }

  /** Consul itself would answer with an empty list. */
  @Test
  void aServiceThatItMayNotReadIsNotTakenForOneWithoutInstances() throws Exception {
    consul.put("payment/a", "{\"address\":\"h:1\"}".getBytes(UTF_8));
    try (ServiceRegistry registry = open(Map.of("token", user))) {
      RecordedViews views = new RecordedViews();
      var _ = registry.watch("payment", views);

      await().atMost(ServerProcess.LIMIT).until(() -> !views.problems().isEmpty());

      assertThat(views.problems().getFirst()).contains("tandem.registry.token");
      assertThat(views.all()).isEmpty();
    }
  }

  @Test
  void aTokenThatDoesNotExistIsSaidClearly() {
    try (ServiceRegistry registry = open(Map.of("token", "00000000-dead-beef-0000-000000000000"))) {
      Registration registration = registry.register(instance("user"));

      RegistrationState state = stateOf(registration, RegistrationState.Refused.class::isInstance);

      assertThat(((RegistrationState.Refused) state).problem())
          .contains("HTTP 403", "ACL not found", "tandem.registry.token");
    }
  }

  private static ServiceRegistry open(Map<String, String> settings) {
    return consul.open(
        TestSettings.with(
            settings,
            "endpoints",
            consul.address().toString(),
            "timeout",
            "10s",
            "heartbeat",
            "1s",
            "retry",
            "200ms"),
        RegistryMeter.NONE);
  }

  private static Instance instance(String service) {
    return new Instance(service, "a", new Address("a.example", 9000), "1", "", "", 100);
  }
}
