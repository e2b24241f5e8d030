package dev.tandem.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** HTTP to one of Consul's agents; to the next one when that fails. */
final class ConsulConnection implements AutoCloseable {

  private static final int FORBIDDEN = 403;
  private static final int FIRST_SERVER_ERROR = 500;

  private final Endpoints endpoints;
  private final Optional<String> token;
  private final Timing timing;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("consul-", 0).factory());
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Route route;

  @GuardedBy("lock")
  private boolean closed;

  ConsulConnection(Endpoints endpoints, Optional<String> token, Timing timing) {
    this.endpoints = endpoints;
    this.token = token;
    this.timing = timing;
  }

  private record Route(HttpClient client, Address address, String scheme) {

    URI uri(String path) {
      return URI.create("%s://%s%s".formatted(scheme, address, path));
    }
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
    Route used = route();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(used.uri(path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    token.ifPresent(secret -> request.header("X-Consul-Token", secret));
    // Not HttpRequest's own timeout, which ends with the headers.
    CompletableFuture<HttpResponse<String>> answer =
        used.client().sendAsync(request.build(), BodyHandlers.ofString());
    try {
      return require(used, answer.get(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      leave(used);
      throw new ServerFailure.Unreachable(
          "Consul at %s has not answered within %s".formatted(used.address(), limit), e);
    } catch (ExecutionException e) {
      leave(used);
      throw new ServerFailure.Unreachable(
          "Consul at %s: %s".formatted(used.address(), Reason.of(e)), e);
    } finally {
      answer.cancel(true);
    }
  }

  private HttpResponse<String> require(Route used, HttpResponse<String> answer)
      throws ServerFailure {
    int status = answer.statusCode();
    String problem =
        "Consul at %s: HTTP %d, %s".formatted(used.address(), status, answer.body().strip());
    if (status == FORBIDDEN) {
      throw new ServerFailure.Refused(
          problem + "; give the token (tandem.registry.token) rights to its keys and sessions");
    }
    if (status >= FIRST_SERVER_ERROR) {
      leave(used);
      throw new ServerFailure.Unreachable(problem);
    }
    return answer;
  }

  private Route route() throws ServerFailure {
    lock.lock();
    try {
      if (closed) {
        throw new ServerFailure.Unreachable("the registry is closed");
      }
      if (route == null) {
        HttpClient.Builder client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timing.timeout())
                .executor(threads);
        if (endpoints.encrypted()) {
          client.sslContext(endpoints.identity().sslContext());
        }
        route =
            new Route(
                client.build(), endpoints.current(), endpoints.encrypted() ? "https" : "http");
      }
      return route;
    } finally {
      lock.unlock();
    }
  }

  /** Other connections from now on, unless somebody else has seen to it. */
  private void leave(Route failed) {
    lock.lock();
    try {
      if (failed.equals(route)) {
        route = null;
        endpoints.moveOn();
      }
    } finally {
      lock.unlock();
    }
    failed.client().shutdown();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (route != null) {
        route.client().shutdownNow();
        route = null;
      }
    } finally {
      lock.unlock();
    }
    threads.shutdown();
    endpoints.close();
  }
}
