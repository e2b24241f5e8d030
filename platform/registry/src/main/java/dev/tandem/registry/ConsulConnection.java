package dev.tandem.registry;

import dev.tandem.registry.Routes.Route;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP to Consul's agents, and what their answers mean. */
final class ConsulConnection implements AutoCloseable {

  private static final int FORBIDDEN = 403;
  private static final int FIRST_SERVER_ERROR = 500;

  private final Endpoints endpoints;
  private final Optional<String> token;
  private final Timing timing;

  /** Never shut down, because a client that ends still uses it; there is nothing to free. */
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("consul-", 0).factory());

  private final Routes<HttpClient> routes;

  ConsulConnection(Endpoints endpoints, Optional<String> token, Timing timing) {
    this.endpoints = endpoints;
    this.token = token;
    this.timing = timing;
    this.routes =
        new Routes<>(endpoints, _ -> open(), HttpClient::shutdown, HttpClient::shutdownNow);
  }

  private HttpClient open() throws ServerFailure {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timing.timeout())
            .executor(threads);
    if (endpoints.encrypted()) {
      client.sslContext(endpoints.identity().sslContext());
    }
    return client.build();
  }

  /** An answer that is none of a sick server or of one that refuses this process. */
  HttpResponse<String> put(String path, String body) throws ServerFailure, InterruptedException {
    return send("PUT", path, body, timing.timeout());
  }

  /** As {@link #put}. */
  HttpResponse<String> get(String path) throws ServerFailure, InterruptedException {
    return send("GET", path, "", timing.timeout());
  }

  /** As {@link #get}, of a query that the server answers when something changes. */
  HttpResponse<String> await(String path, Duration limit)
      throws ServerFailure, InterruptedException {
    return send("GET", path, "", limit.plus(timing.timeout()));
  }

  private HttpResponse<String> send(String method, String path, String body, Duration limit)
      throws ServerFailure, InterruptedException {
    Route<HttpClient> used = routes.current();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(used.address(), path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    token.ifPresent(secret -> request.header("X-Consul-Token", secret));
    // Not HttpRequest's own timeout, which ends with the headers.
    CompletableFuture<HttpResponse<String>> answer =
        used.client().sendAsync(request.build(), BodyHandlers.ofString());
    try {
      return require(used, answer.get(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      routes.leave(used);
      throw new ServerFailure.Unreachable(
          "Consul at %s has not answered within %s".formatted(used.address(), limit), e);
    } catch (ExecutionException e) {
      routes.leave(used);
      throw new ServerFailure.Unreachable(
          "Consul at %s: %s".formatted(used.address(), Reason.of(e)), e);
    } finally {
      answer.cancel(true);
    }
  }

  private URI uri(Address address, String path) {
    return URI.create(
        "%s://%s%s".formatted(endpoints.encrypted() ? "https" : "http", address, path));
  }

  private HttpResponse<String> require(Route<HttpClient> used, HttpResponse<String> answer)
      throws ServerFailure {
    int status = answer.statusCode();
    String problem =
        "Consul at %s: HTTP %d, %s".formatted(used.address(), status, answer.body().strip());
    if (status == FORBIDDEN) {
      throw new ServerFailure.Refused(
          problem + "; give the token (tandem.registry.token) rights to its keys and sessions");
    }
    if (status >= FIRST_SERVER_ERROR) {
      routes.leave(used);
      throw new ServerFailure.Unreachable(problem);
    }
    return answer;
  }

  @Override
  public void close() {
    routes.close();
  }
}
