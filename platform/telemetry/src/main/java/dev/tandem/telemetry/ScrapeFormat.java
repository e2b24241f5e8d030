package dev.tandem.telemetry;

import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Gives OpenMetrics to whoever takes it, because only that format has exemplars. Prometheus asks
 * for OpenMetrics first and for plain text last, in one header; the extension answers with plain
 * text as soon as it is mentioned.
 */
@Singleton
final class ScrapeFormat {

  private static final String PATH = "/metrics";
  private static final String OPEN_METRICS = "application/openmetrics-text";

  /** Before the endpoint, whatever else there is. */
  private static final int PRIORITY = 100;

  void prefer(@Observes Filters filters) {
    filters.register(
        request -> {
          prefer(request.request());
          request.next();
        },
        PRIORITY);
  }

  private static void prefer(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT);
    if (PATH.equals(request.path()) && accepted != null && accepted.contains(OPEN_METRICS)) {
      request.headers().set(HttpHeaders.ACCEPT, TextFormat.CONTENT_TYPE_OPENMETRICS_100);
    }
  }
}
