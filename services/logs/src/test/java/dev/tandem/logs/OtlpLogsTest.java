package dev.tandem.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OtlpLogsTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456789Z");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void readsALineWithAllThatIsKnown() throws InvalidProtocolBufferException {
    assertThat(OtlpLogs.read(Exports.of(NOON, TRACE, "no money")))
        .containsExactly(
            new LogLine(
                NOON,
                "WARN",
                "tandem-payment",
                "beijing",
                "tandem",
                "payment-0",
                "payment",
                TRACE,
                "00f067aa0ba902b7",
                "dev.tandem.access",
                "no money"));
  }

  @Test
  void leavesEmptyWhatIsNotKnown() throws InvalidProtocolBufferException {
    LogLine line = only(LogRecord.newBuilder().setObservedTimeUnixNano(1_000_000_000));

    assertThat(line.time()).isEqualTo(Instant.ofEpochSecond(1));
    assertThat(line.traceId()).isEmpty();
    assertThat(line.message()).isEmpty();
  }

  @Test
  void takesNoIdOfAnotherLengthOrOfZeros() throws InvalidProtocolBufferException {
    assertThat(only(LogRecord.newBuilder().setTraceId(ByteString.copyFrom(new byte[16]))).traceId())
        .isEmpty();
    assertThat(
            only(LogRecord.newBuilder().setTraceId(ByteString.copyFrom(new byte[] {1, 2})))
                .traceId())
        .isEmpty();
  }

  @Test
  void writesABodyWithPartsAsText() throws InvalidProtocolBufferException {
    AnyValue body =
        AnyValue.newBuilder()
            .setKvlistValue(
                KeyValueList.newBuilder()
                    .addValues(Exports.attribute("reason", "late"))
                    .addValues(
                        Exports.attribute("tries", "").toBuilder()
                            .setValue(
                                AnyValue.newBuilder()
                                    .setArrayValue(
                                        ArrayValue.newBuilder()
                                            .addValues(AnyValue.newBuilder().setIntValue(1))
                                            .addValues(AnyValue.newBuilder().setIntValue(2))))))
            .build();

    assertThat(only(LogRecord.newBuilder().setBody(body)).message())
        .isEqualTo("{reason: late, tries: [1, 2]}");
  }

  @Test
  void refusesWhatIsNoExport() {
    assertThatThrownBy(() -> OtlpLogs.read("a line".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  private static LogLine only(LogRecord.Builder entry) throws InvalidProtocolBufferException {
    return OtlpLogs.read(
            ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                    ResourceLogs.newBuilder()
                        .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(entry)))
                .build()
                .toByteArray())
        .getFirst();
  }
}
