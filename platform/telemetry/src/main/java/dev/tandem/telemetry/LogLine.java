package dev.tandem.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Puts the trace into each line of the log and, where collectors read it, makes the line JSON. It
 * is a filter, which lets everything pass, because that is where Quarkus lets a library see each
 * record before it is written, in the thread that wrote it, from the first line on; there is no
 * JSON formatter for this version of the platform. What the console prints of it is set in
 * META-INF/microprofile-config.properties.
 */
@LoggingFilter(name = "tandem-telemetry")
public final class LogLine implements Filter {

  /** For people: the trace's id in brackets, or nothing. */
  static final String TRACE = "trace";

  /** For collectors: all of it. */
  static final String JSON = "json";

  private final boolean json;
  private final JsonLine line;

  /** Made by Quarkus, before there are beans. */
  public LogLine(
      @ConfigProperty(name = "tandem.telemetry.logs", defaultValue = "text") String format,
      @ConfigProperty(name = "quarkus.application.name", defaultValue = "unknown") String service,
      @ConfigProperty(name = "tandem.cluster", defaultValue = "local") String cluster,
      @ConfigProperty(name = "tandem.pod", defaultValue = "local") String pod,
      @ConfigProperty(name = "tandem.version", defaultValue = "unknown") String version) {
    this.json = format.equalsIgnoreCase(JSON);
    this.line = new JsonLine(service, cluster, pod, version);
  }

  @Override
  public boolean isLoggable(LogRecord record) {
    if (record instanceof ExtLogRecord entry) {
      SpanContext span = Span.fromContext(GrpcContextStorage.now()).getSpanContext();
      if (json) {
        entry.putMdc(JSON, line.of(entry, span));
      } else if (span.isValid()) {
        entry.putMdc(TRACE, "[" + span.getTraceId() + "] ");
      }
    }
    return true;
  }
}
