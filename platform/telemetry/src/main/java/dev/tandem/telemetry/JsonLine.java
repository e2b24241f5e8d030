package dev.tandem.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of the log as one line of JSON. The names of the trace's fields are those of <a
 * href="https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/">OpenTelemetry
 * for formats that are not its own</a>.
 */
final class JsonLine {

  /** Puts a record's parameters into its message, by whichever of three styles it has. */
  private static final ExtFormatter MESSAGE =
      new ExtFormatter() {
        @Override
        public String format(ExtLogRecord entry) {
          return formatMessage(entry);
        }
      };

  private final String service;
  private final String cluster;
  private final String pod;
  private final String version;

  JsonLine(String service, String cluster, String pod, String version) {
    this.service = service;
    this.cluster = cluster;
    this.pod = pod;
    this.version = version;
  }

  String of(ExtLogRecord entry, SpanContext span) {
    StringBuilder json = new StringBuilder(512).append('{');
    add(json, "timestamp", entry.getInstant().toString());
    add(json, "level", entry.getLevel().getName());
    add(json, "logger", entry.getLoggerName());
    add(json, "message", MESSAGE.format(entry));
    add(json, "thread", entry.getThreadName());
    add(json, "service", service);
    add(json, "version", version);
    add(json, "cluster", cluster);
    add(json, "pod", pod);
    if (span.isValid()) {
      add(json, "trace_id", span.getTraceId());
      add(json, "span_id", span.getSpanId());
      add(json, "trace_flags", span.getTraceFlags().asHex());
    }
    if (entry.getThrown() != null) {
      addException(json, entry.getThrown());
    }
    Map<String, String> more = new TreeMap<>(entry.getMdcCopy());
    // Another handler of the same record.
    more.remove(LogLine.JSON);
    if (!more.isEmpty()) {
      key(json, "mdc").append('{');
      more.forEach((key, value) -> add(json, key, value));
      json.append('}');
    }
    return json.append('}').toString();
  }

  private static void addException(StringBuilder json, Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    key(json, "exception").append('{');
    add(json, "type", thrown.getClass().getName());
    add(json, "message", thrown.getMessage());
    add(json, "stacktrace", trace.toString());
    json.append('}');
  }

  private static void add(StringBuilder json, String key, @Nullable String value) {
    text(key(json, key), String.valueOf(value));
  }

  private static StringBuilder key(StringBuilder json, String key) {
    if (json.charAt(json.length() - 1) != '{') {
      json.append(',');
    }
    return text(json, key).append(':');
  }

  /** RFC 8259: quotes, backslashes and control characters are escaped, and nothing else has to. */
  private static StringBuilder text(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          // A lone half of a surrogate pair is no character, and breaks UTF-8.
          if (c < ' ' || isLoneSurrogate(text, i)) {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"');
  }

  private static boolean isLoneSurrogate(String text, int index) {
    char c = text.charAt(index);
    return Character.isHighSurrogate(c)
        ? index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1))
        : Character.isLowSurrogate(c)
            && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
  }
}
