package dev.tandem.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * Ways to servers that can be blocked.
 *
 * @see <a href="https://github.com/Shopify/toxiproxy#toxics">Toxiproxy's toxics</a>
 */
final class Toxiproxy implements AutoCloseable {

  private static final List<String> DIRECTIONS = List.of("upstream", "downstream");

  private final int port = ServerProcess.freePort();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ServerProcess process;

  Toxiproxy() throws IOException {
    process =
        new ServerProcess(
            ServerProcess.newFolder("toxiproxy"),
            "toxiproxy-server",
            List.of("-host", "127.0.0.1", "-port", Integer.toString(port)));
    process.awaitReady(() -> ask("GET", "/version", "").statusCode() == 200);
  }

  /** A way to a server. */
  final class Way {

    private final String name;
    private final Address entrance;

    private Way(String name, Address entrance) {
      this.name = name;
      this.entrance = entrance;
    }

    /** Where clients enter it. */
    Address entrance() {
      return entrance;
    }

    /** From now on nothing arrives on it, in either direction; connections stay open. */
    void block() throws Exception {
      for (String direction : DIRECTIONS) {
        send(
            "POST",
            "/proxies/%s/toxics".formatted(name),
            """
            {"name": "%1$s", "type": "timeout", "stream": "%1$s", "attributes": {"timeout": 0}}
            """
                .formatted(direction));
      }
    }

    /** Undoes {@link #block}; what was sent meanwhile is lost, and its connections with it. */
    void free() throws Exception {
      for (String direction : DIRECTIONS) {
        send("DELETE", "/proxies/%s/toxics/%s".formatted(name, direction), "");
      }
    }
  }

  Way to(String name, Address server) throws Exception {
    Address entrance = new Address("127.0.0.1", ServerProcess.freePort());
    send(
        "POST",
        "/proxies",
        """
        {"name": "%s", "listen": "%s", "upstream": "%s", "enabled": true}
        """
            .formatted(name, entrance, server));
    return new Way(name, entrance);
  }

  private void send(String method, String path, String body) throws Exception {
    HttpResponse<String> answer = ask(method, path, body);
    if (answer.statusCode() >= 300) {
      throw new IllegalStateException("%s: %s".formatted(answer, answer.body()));
    }
  }

  private HttpResponse<String> ask(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.close();
  }
}
