package dev.tandem.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A real Consul server, alone. */
final class ConsulServer extends RegistryServer {

  static final int NO_PORT = -1;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String token;

  private ConsulServer(Address address, ServerProcess process, String token) {
    super(address, process);
    this.token = token;
  }

  /** Returns when it answers. */
  static ConsulServer start() throws IOException {
    return start("", "", NO_PORT);
  }

  /**
   * As above.
   *
   * @param options more of its configuration, such as {@code "acl": {}}; may be empty
   * @param token its operator's; may be empty
   * @param https where it listens for TLS, too
   */
  static ConsulServer start(String options, String token, int https) throws IOException {
    Path folder = ServerProcess.newFolder("consul");
    Address address = new Address("127.0.0.1", ServerProcess.freePort());
    // Sessions of a second, so that tests need not wait for those of ten.
    Files.writeString(
        folder.resolve("consul.json"),
        """
        {"server": true, "bootstrap_expect": 1, "node_name": "one", "data_dir": "%s", "bind_addr": "127.0.0.1",
         "client_addr": "127.0.0.1", "session_ttl_min": "1s", "disable_update_check": true, "log_level": "warn",
         "performance": {"raft_multiplier": 1}%s,
         "ports": {"http": %d, "https": %d, "server": %d, "serf_lan": %d, "serf_wan": -1, "dns": -1, "grpc": -1, "grpc_tls": -1}}
        """
            .formatted(
                folder.resolve("data"),
                options.isEmpty() ? "" : ", " + options,
                address.port(),
                https,
                ServerProcess.freePort(),
                ServerProcess.freePort()));
    ServerProcess process =
        new ServerProcess(
            folder, "consul", List.of("agent", "-config-file=" + folder.resolve("consul.json")));
    ConsulServer server = new ConsulServer(address, process, token);
    server.awaitReady();
    return server;
  }

  @Override
  boolean answers() throws Exception {
    return !send("GET", "/v1/status/leader", BodyPublishers.noBody()).equals("\"\"")
        && send("PUT", "/v1/session/create", BodyPublishers.ofString("{\"TTL\":\"1s\"}"))
            .contains("ID");
  }

  /** What it answers its operator; an error is an error. */
  String send(String method, String path, BodyPublisher body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://%s%s".formatted(address(), path)))
            .timeout(Duration.ofSeconds(20))
            .method(method, body);
    if (!token.isEmpty()) {
      request.header("X-Consul-Token", token);
    }
    var answer = client.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("%s: %s".formatted(answer, answer.body()));
    }
    return answer.body();
  }

  @Override
  ServiceRegistry open(Map<String, String> settings, RegistryMeter meter) {
    return new ConsulServiceRegistry(TestSettings.of(settings), meter);
  }

  @Override
  void put(String key, byte[] value) throws Exception {
    var _ = send("PUT", "/v1/kv/services/" + key, BodyPublishers.ofByteArray(value));
  }

  @Override
  void delete(String key) throws Exception {
    var _ = send("DELETE", "/v1/kv/services/" + key, BodyPublishers.noBody());
  }

  @Override
  void endLeases() throws Exception {
    for (JsonElement session :
        JsonParser.parseString(send("GET", "/v1/session/list", BodyPublishers.noBody()))
            .getAsJsonArray()) {
      var _ =
          send(
              "PUT",
              "/v1/session/destroy/" + session.getAsJsonObject().get("ID").getAsString(),
              BodyPublishers.noBody());
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    super.close();
  }
}
