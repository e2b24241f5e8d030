package dev.tandem.logs;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.apache.lucene.store.AlreadyClosedException;
import org.jboss.logging.Logger;

/** {@code GET /logs?trace_id=…}: the lines that match, as JSON. */
@Singleton
final class LogRoutes {

  private static final Logger LOG = Logger.getLogger(LogRoutes.class);
  private static final int BAD_REQUEST = 400;
  private static final int UNAVAILABLE = 503;

  private final LogConsumer consumer;

  @Inject
  LogRoutes(LogConsumer consumer) {
    this.consumer = consumer;
  }

  void register(@Observes Router router) {
    router.get("/logs").blockingHandler(this::search, false);
  }

  private void search(RoutingContext request) {
    try {
      LogQuery query = LogQuery.of(request.queryParams());
      Optional<LogIndex> index = consumer.index();
      if (index.isEmpty()) {
        answer(
            request, UNAVAILABLE, error("the index is not open: the log of this service says why"));
        return;
      }
      answer(request, 200, json(index.get().search(query)));
    } catch (IllegalArgumentException e) {
      answer(request, BAD_REQUEST, error(String.valueOf(e.getMessage())));
    } catch (IOException | AlreadyClosedException e) {
      LOG.warn("A search failed", e);
      answer(request, UNAVAILABLE, error("the index cannot be read now: try again"));
    }
  }

  private static JsonObject error(String problem) {
    return new JsonObject().put("error", problem);
  }

  private static JsonObject json(LogIndex.Found found) {
    JsonArray lines = new JsonArray();
    found.lines().forEach(line -> lines.add(json(line)));
    return new JsonObject().put("lines", lines).put("more", found.more());
  }

  private static JsonObject json(LogLine line) {
    return new JsonObject()
        .put("time", line.time().toString())
        .put("severity", line.severity())
        .put("service", line.service())
        .put("cluster", line.cluster())
        .put("namespace", line.namespace())
        .put("pod", line.pod())
        .put("container", line.container())
        .put("trace_id", line.traceId())
        .put("span_id", line.spanId())
        .put("logger", line.logger())
        .put("message", line.message());
  }

  private static void answer(RoutingContext request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body.encode());
  }
}
