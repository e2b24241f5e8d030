package dev.tandem.e2e.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  private String page = "";
  private JsonObject json = new JsonObject();
  private final Path folder;

  ReportTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void write() throws IOException {
    Ledger ledger =
        new Ledger(
            "GetUser from shanghai", LongStream.range(0, 30).mapToObj(ReportTest::call).toList());
    Timeline timeline =
        Timeline.of(
            "Calls a second",
            ledger,
            List.of("shanghai", "beijing"),
            List.of(new Timeline.Mark(Duration.ofMillis(1500), "user scaled to 0")));
    Report report =
        new Report(
            Instant.parse("2026-11-22T10:00:00Z"),
            Duration.ofSeconds(75),
            List.of("shanghai", "beijing"),
            List.of(
                new Finding(
                    "Calls",
                    "No call fails",
                    Finding.Outcome.PROVEN,
                    Duration.ofMillis(1234),
                    List.of("30 calls, p99 < 3 ms."),
                    List.of(timeline),
                    ""),
                new Finding(
                    "Calls",
                    "Streams break",
                    Finding.Outcome.FAILED,
                    Duration.ofSeconds(2),
                    List.of(),
                    List.of(),
                    "expected <OK> & \"nothing\" else")));

    page = Files.readString(report.write(folder));
    json =
        JsonParser.parseString(Files.readString(folder.resolve("report.json"))).getAsJsonObject();
  }

  @Test
  void opensWithoutANetwork() {
    assertThat(page).doesNotContain("http:", "https:", "src=", "href=", "@import", "<script");
  }

  @Test
  void fitsAnyScreenByDayAndByNight() {
    assertThat(page).contains("width=device-width", "prefers-color-scheme: dark");
  }

  @Test
  void saysWhatHoldsAndWhatDoesNot() {
    assertThat(page)
        .contains(
            "1 of 2 proofs failed.",
            "No call fails",
            "30 calls, p99 &lt; 3 ms.",
            "expected &lt;OK&gt; &amp; &quot;nothing&quot; else")
        .contains("22 November 2026, 10:00 UTC, in 1 min 15 s");
  }

  @Test
  void drawsWhoAnsweredWhen() {
    assertThat(page)
        .contains("<svg", "shanghai: 20", "beijing: 9", "failed: 1", "1: 1.5 s, user scaled to 0");
  }

  @Test
  void givesTheSameAsData() {
    JsonObject first = json.getAsJsonArray("proofs").get(0).getAsJsonObject();
    JsonObject timeline = first.getAsJsonArray("timelines").get(0).getAsJsonObject();

    assertThat(json.get("failed").getAsInt()).isEqualTo(1);
    assertThat(first.get("outcome").getAsString()).isEqualTo("proven");
    assertThat(timeline.getAsJsonObject("callsBySecond").get("beijing")).hasToString("[0,0,9]");
    assertThat(
            timeline
                .getAsJsonArray("marks")
                .get(0)
                .getAsJsonObject()
                .get("atSeconds")
                .getAsDouble())
        .isEqualTo(1.5);
  }

  /**
   * Ten calls a second for three seconds: two of shanghai, one of beijing whose last call fails.
   */
  private static Call call(long sequence) {
    boolean failed = sequence == 29;
    return new Call(
        sequence,
        Duration.ofMillis(100 * sequence),
        Duration.ZERO,
        Duration.ofMillis(3),
        failed ? Status.Code.UNAVAILABLE : Status.Code.OK,
        "",
        failed ? "" : sequence < 20 ? "shanghai" : "beijing",
        "pod",
        "1",
        1,
        Duration.ZERO,
        List.of());
  }
}
