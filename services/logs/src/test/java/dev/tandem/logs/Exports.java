package dev.tandem.logs;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Instant;
import java.util.HexFormat;

/** What collectors send. */
final class Exports {

  private Exports() {}

  static byte[] of(Instant time, String traceId, String message) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(attribute("service.name", "tandem-payment"))
                        .addAttributes(attribute("k8s.cluster.name", "beijing"))
                        .addAttributes(attribute("k8s.namespace.name", "tandem"))
                        .addAttributes(attribute("k8s.pod.name", "payment-0"))
                        .addAttributes(attribute("k8s.container.name", "payment")))
                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(entry(time, traceId, message))))
        .build()
        .toByteArray();
  }

  private static LogRecord entry(Instant time, String traceId, String message) {
    return LogRecord.newBuilder()
        .setTimeUnixNano(time.getEpochSecond() * 1_000_000_000 + time.getNano())
        .setSeverityText("WARN")
        .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(traceId)))
        .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex("00f067aa0ba902b7")))
        .addAttributes(attribute("logger", "dev.tandem.access"))
        .setBody(AnyValue.newBuilder().setStringValue(message))
        .build();
  }

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
