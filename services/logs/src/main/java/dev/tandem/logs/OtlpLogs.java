package dev.tandem.logs;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lines in OpenTelemetry's protocol, by the attributes of its conventions.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/logs/data-model/">the model of logs</a>
 */
final class OtlpLogs {

  private static final int NANOS = 1_000_000_000;
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  private OtlpLogs() {}

  /**
   * The lines of an export.
   *
   * @throws InvalidProtocolBufferException when it is none
   */
  static List<LogLine> read(byte[] export) throws InvalidProtocolBufferException {
    List<LogLine> lines = new ArrayList<>();
    for (ResourceLogs part : ExportLogsServiceRequest.parseFrom(export).getResourceLogsList()) {
      Map<String, String> resource = texts(part.getResource().getAttributesList());
      for (ScopeLogs scope : part.getScopeLogsList()) {
        for (LogRecord entry : scope.getLogRecordsList()) {
          lines.add(line(resource, entry));
        }
      }
    }
    return lines;
  }

  private static LogLine line(Map<String, String> resource, LogRecord entry) {
    Map<String, String> attributes = texts(entry.getAttributesList());
    long nanos =
        entry.getTimeUnixNano() != 0 ? entry.getTimeUnixNano() : entry.getObservedTimeUnixNano();
    return new LogLine(
        Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS),
        entry.getSeverityText(),
        resource.getOrDefault("service.name", ""),
        resource.getOrDefault("k8s.cluster.name", ""),
        resource.getOrDefault("k8s.namespace.name", ""),
        resource.getOrDefault("k8s.pod.name", ""),
        resource.getOrDefault("k8s.container.name", ""),
        hex(entry.getTraceId(), TRACE_BYTES),
        hex(entry.getSpanId(), SPAN_BYTES),
        attributes.getOrDefault("logger", ""),
        text(entry.getBody()));
  }

  private static Map<String, String> texts(List<KeyValue> attributes) {
    Map<String, String> texts = new HashMap<>();
    attributes.forEach(attribute -> texts.put(attribute.getKey(), text(attribute.getValue())));
    return texts;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case BYTES_VALUE -> HexFormat.of().formatHex(value.getBytesValue().toByteArray());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(OtlpLogs::text)
              .collect(Collectors.joining(", ", "[", "]"));
      case KVLIST_VALUE ->
          value.getKvlistValue().getValuesList().stream()
              .map(pair -> pair.getKey() + ": " + text(pair.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> "";
    };
  }

  /** An id of another length, or of zeros only, is none. */
  private static String hex(ByteString id, int length) {
    byte[] bytes = id.toByteArray();
    for (byte part : bytes) {
      if (part != 0) {
        return bytes.length == length ? HexFormat.of().formatHex(bytes) : "";
      }
    }
    return "";
  }
}
