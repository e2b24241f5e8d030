package dev.tandem.registry;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys of Consul's, by blocking queries: each is answered when something has changed since the one
 * before, or after the heartbeat.
 *
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/features/blocking">Consul's
 *     blocking queries</a>
 */
final class ConsulFeed implements KeyServer.Feed {

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  /** Consul waits up to a sixteenth longer, so that not all clients come back at once. */
  private static final int JITTER = 16;

  private final ConsulConnection connection;
  private final String folder;
  private final Timing timing;
  private long index;

  ConsulFeed(ConsulConnection connection, String folder, Timing timing) {
    this.connection = connection;
    this.folder = folder;
    this.timing = timing;
  }

  @Override
  public Listing next() throws ServerFailure, InterruptedException {
    Duration wait = timing.heartbeat();
    // Consistent, because a leader that was deposed a moment ago does not know it yet.
    HttpResponse<String> answer =
        connection.await(
            "/v1/kv/%s?recurse&consistent&index=%d&wait=%dms"
                .formatted(folder, index, wait.toMillis()),
            wait.plus(wait.dividedBy(JITTER)));
    requireAll(answer);
    long now = indexOf(answer);
    Listing listing = new Listing(now, values(answer));
    // An index that goes back, such as after a restored backup, would be waited for in vain.
    index = now < index ? 0 : Math.max(now, 1);
    return listing;
  }

  /** Consul leaves out what the token may not read, without calling it an error. */
  private void requireAll(HttpResponse<String> answer) throws ServerFailure {
    if (answer
        .headers()
        .firstValue("X-Consul-Results-Filtered-By-ACLs")
        .filter(Boolean::parseBoolean)
        .isPresent()) {
      throw new ServerFailure.Refused(
          "Consul does not let the token (tandem.registry.token) read all of %s; give it key_prefix read"
              .formatted(folder));
    }
  }

  private static long indexOf(HttpResponse<String> answer) throws ServerFailure {
    return answer
        .headers()
        .firstValueAsLong("X-Consul-Index")
        .orElseThrow(
            () -> new ServerFailure.Unreachable("not an answer of Consul's: it has no index"));
  }

  private Map<String, Listing.Value> values(HttpResponse<String> answer) throws ServerFailure {
    Map<String, Listing.Value> values = new HashMap<>();
    if (answer.statusCode() == NOT_FOUND) {
      return values;
    }
    if (answer.statusCode() != OK) {
      throw new ServerFailure.Refused(
          "Consul: HTTP %d, %s".formatted(answer.statusCode(), answer.body().strip()));
    }
    for (ConsulValue value : ConsulValue.listOf(answer.body())) {
      values.put(
          value.key().substring(folder.length()),
          new Listing.Value(value.revision(), value.content()));
    }
    return values;
  }

  @Override
  public void close() {}
}
