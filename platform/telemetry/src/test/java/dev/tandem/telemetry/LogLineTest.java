package dev.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Instant;
import java.util.Objects;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {

  private static final Span SPAN =
      Span.wrap(
          SpanContext.create(
              "4bf92f3577b34da6a3ce929d0e0e4736",
              "00f067aa0ba902b7",
              TraceFlags.getSampled(),
              TraceState.getDefault()));

  @Test
  void namesTheTraceAndTheServer() {
    ExtLogRecord entry = entry("charged");

    JsonObject line;
    try (Scope _ = SPAN.makeCurrent()) {
      line = json(entry);
    }

    assertThat(line.keySet())
        .containsExactly(
            "timestamp",
            "level",
            "logger",
            "message",
            "thread",
            "service",
            "version",
            "cluster",
            "pod",
            "trace_id",
            "span_id",
            "trace_flags");
    assertThat(Instant.parse(line.getString("timestamp"))).isEqualTo(entry.getInstant());
    assertThat(line.getString("level")).isEqualTo("WARN");
    assertThat(line.getString("logger")).isEqualTo("dev.tandem.payment");
    assertThat(line.getString("message")).isEqualTo("charged");
    assertThat(line.getString("service")).isEqualTo("tandem-payment");
    assertThat(line.getString("version")).isEqualTo("0123456789ab");
    assertThat(line.getString("cluster")).isEqualTo("shanghai");
    assertThat(line.getString("pod")).isEqualTo("payment-5d9c-x7k2p");
    assertThat(line.getString("trace_id")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(line.getString("span_id")).isEqualTo("00f067aa0ba902b7");
    assertThat(line.getString("trace_flags")).isEqualTo("01");
  }

  @Test
  void hasNoTraceOutsideOfACall() {
    assertThat(json(entry("started"))).doesNotContainKeys("trace_id", "span_id", "trace_flags");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a \"quoted\" word, a \\ and a /",
        "two\nlines\r\nand a\ttab",
        "\u0000\u0001\u001f\u007f",
        "付款 😀",
        "}, {\"level\": \"forged\"",
        "%s %d %n",
        "{0}",
      })
  void isOneLineOfJsonWhateverTheMessageIs(String message) {
    ExtLogRecord entry = entry(message);

    assertThat(json(entry).getString("message")).isEqualTo(message);
    assertThat(entry.getMdc(LogLine.JSON)).doesNotContain("\n", "\r");
  }

  @Test
  void escapesHalfOfACharacter() {
    ExtLogRecord entry = entry("\ud83d \ude00");

    json(entry);

    assertThat(entry.getMdc(LogLine.JSON)).contains("\"message\":\"\\ud83d \\ude00\"");
  }

  @Test
  void putsParametersIntoTheMessage() {
    ExtLogRecord entry =
        new ExtLogRecord(
            Level.INFO, "%s charged %d", ExtLogRecord.FormatStyle.PRINTF, "dev.tandem.payment");
    entry.setParameters(new Object[] {"ada", 1200});

    assertThat(json(entry).getString("message")).isEqualTo("ada charged 1200");
  }

  @Test
  void tellsAnException() {
    ExtLogRecord entry = entry("a defect");
    entry.setThrown(new IllegalStateException("no \"way\"", new RuntimeException("because")));

    JsonObject exception = json(entry).getJsonObject("exception");

    assertThat(exception.getString("type")).isEqualTo("java.lang.IllegalStateException");
    assertThat(exception.getString("message")).isEqualTo("no \"way\"");
    assertThat(exception.getString("stacktrace")).contains("Caused by", "because");
  }

  @Test
  void keepsWhatOthersPutIntoTheContext() {
    ExtLogRecord entry = entry("charged");
    entry.putMdc("key", "order-7");

    assertThat(json(entry).getJsonObject("mdc")).hasToString("{\"key\":\"order-7\"}");
    // A second handler of the same record.
    assertThat(json(entry).getJsonObject("mdc")).hasToString("{\"key\":\"order-7\"}");
  }

  @Test
  void showsPeopleTheTraceInBrackets() {
    ExtLogRecord inside = entry("charged");
    ExtLogRecord outside = entry("started");
    LogLine line = line("text");

    try (Scope _ = SPAN.makeCurrent()) {
      line.isLoggable(inside);
    }
    line.isLoggable(outside);

    assertThat(inside.getMdc(LogLine.TRACE)).isEqualTo("[4bf92f3577b34da6a3ce929d0e0e4736] ");
    assertThat(outside.getMdc(LogLine.TRACE)).isNull();
    assertThat(inside.getMdc(LogLine.JSON)).isNull();
  }

  private static ExtLogRecord entry(String message) {
    ExtLogRecord entry =
        new ExtLogRecord(
            Level.WARN, message, ExtLogRecord.FormatStyle.NO_FORMAT, LogLineTest.class.getName());
    entry.setLoggerName("dev.tandem.payment");
    return entry;
  }

  private static JsonObject json(ExtLogRecord entry) {
    assertThat(line("json").isLoggable(entry)).isTrue();
    try (var reader =
        Json.createReader(new StringReader(Objects.requireNonNull(entry.getMdc(LogLine.JSON))))) {
      return reader.readObject();
    }
  }

  private static LogLine line(String format) {
    return new LogLine(format, "tandem-payment", "shanghai", "payment-5d9c-x7k2p", "0123456789ab");
  }
}
