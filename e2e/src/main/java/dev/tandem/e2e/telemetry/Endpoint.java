package dev.tandem.e2e.telemetry;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.tandem.e2e.call.Tunnel;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Pods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The HTTP interface of a pod of the telemetry stack, reached through a tunnel. */
final class Endpoint implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int FOUND = 200;
  private static final int NOT_FOUND = 404;

  private final String what;
  private final Tunnel tunnel;
  private final HttpClient http = HttpClient.newHttpClient();

  private Endpoint(String what, Tunnel tunnel) {
    this.what = what;
    this.tunnel = tunnel;
  }

  /**
   * Opens a port of a workload's pod.
   *
   * @throws AssertionError when it has none that is ready
   */
  static Endpoint open(LiveCluster cluster, String workload, int port) {
    String pod =
        cluster
            .kubernetes()
            .pods()
            .inNamespace(LiveCluster.TELEMETRY_NAMESPACE)
            .withLabel("app.kubernetes.io/name", workload)
            .list()
            .getItems()
            .stream()
            .filter(Pods::ready)
            .map(each -> each.getMetadata().getName())
            .findFirst()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "%s of %s has no pod that is ready: kubectl --context %s -n %s get pods"
                            .formatted(
                                workload,
                                cluster,
                                cluster.entry().context(),
                                LiveCluster.TELEMETRY_NAMESPACE)));
    return new Endpoint(
        "%s of %s".formatted(workload, cluster),
        Tunnel.open(cluster.kubectl(), LiveCluster.TELEMETRY_NAMESPACE, pod, port));
  }

  /** What a path answers. */
  JsonElement get(String path, Map<String, String> parameters) {
    return find(path, parameters)
        .orElseThrow(() -> new AssertionError("%s knows nothing of %s".formatted(what, path)));
  }

  /** What a path answers; nothing when it is not there. */
  Optional<JsonElement> find(String path, Map<String, String> parameters) {
    HttpResponse<String> answer = send(path, parameters);
    return switch (answer.statusCode()) {
      case FOUND -> Optional.of(JsonParser.parseString(answer.body()));
      case NOT_FOUND -> Optional.empty();
      default ->
          throw new AssertionError(
              "%s answers %s with %d: %s"
                  .formatted(what, path, answer.statusCode(), answer.body().strip()));
    };
  }

  private HttpResponse<String> send(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    URI address = URI.create("http://127.0.0.1:%d%s?%s".formatted(tunnel.localPort(), path, query));
    try {
      return http.send(
          HttpRequest.newBuilder(address).timeout(LIMIT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(what + " cannot be asked", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + what, e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
    tunnel.close();
  }
}
