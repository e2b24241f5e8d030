package dev.tandem.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the folder.
class LogIndexTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String ONE = "0000000000000000000000000000000a";
  private static final String OTHER = "0000000000000000000000000000000b";

  @TempDir Path folder;

  @Test
  void findsTheLinesOfATraceInTheOrderOfTime() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      index.add(0, 0, List.of(line(2, ONE, "second")));
      index.add(0, 1, List.of(line(1, ONE, "first"), line(1, OTHER, "of another")));
      index.commit();

      assertThat(messages(index, "trace_id", ONE)).containsExactly("first", "second");
      assertThat(messages(index, "trace_id", OTHER)).containsExactly("of another");
    }
  }

  @Test
  void findsByWordsAndTimeAndField() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      index.add(
          0,
          0,
          List.of(
              line(0, ONE, "The database cannot be reached"),
              line(60, ONE, "the user cannot be found"),
              line(120, OTHER, "The database is there again")));
      index.commit();

      assertThat(messages(index, "text", "database CANNOT"))
          .containsExactly("The database cannot be reached");
      assertThat(messages(index, "text", "…")).isEmpty();
      assertThat(
              messages(
                  index,
                  "since",
                  NOON.plusSeconds(60).toString(),
                  "until",
                  NOON.plusSeconds(120).toString()))
          .containsExactly("the user cannot be found");
      assertThat(messages(index, "cluster", "nowhere")).isEmpty();
      assertThat(messages(index, "cluster", "beijing")).hasSize(3);
    }
  }

  @Test
  void givesTheNewestAndSaysThatThereAreOlderOnes() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      index.add(0, 0, List.of(line(0, ONE, "a"), line(1, ONE, "b"), line(2, ONE, "c")));
      index.commit();

      LogIndex.Found two = index.search(LogQuery.of(List.of(Map.entry("limit", "2"))));
      assertThat(two.lines()).extracting(LogLine::message).containsExactly("b", "c");
      assertThat(two.more()).isTrue();
      assertThat(index.search(LogQuery.of(List.of(Map.entry("limit", "3")))).more()).isFalse();
    }
  }

  @Test
  void isAfterItsEndAsItWasAtItsLastCommitThePositionIncluded() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      index.follow("topic");
      index.add(0, 6, List.of(line(0, ONE, "kept")));
      index.commit();
      index.add(0, 7, List.of(line(1, ONE, "not written yet")));
    }
    try (LogIndex index = LogIndex.open(folder)) {
      index.follow("topic");
      assertThat(index.next(0)).isEqualTo(7);
      assertThat(messages(index)).containsExactly("kept");
    }
  }

  @Test
  void writesNothingWhenNothingHasChanged() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      index.add(0, 0, List.of(line(0, ONE, "kept")));
      index.commit();
      String[] files = folder.toFile().list();

      index.commit();
      assertThat(folder.toFile().list()).containsExactlyInAnyOrder(files);

      index.add(0, 1, List.of());
      index.commit();
      assertThat(folder.toFile().list())
          .as("a record without lines moves the position")
          .isNotEqualTo(files);
    }
  }

  @Test
  void beginsAnewWithAnotherTopic() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      index.follow("topic");
      index.add(3, 41, List.of());
      index.commit();
    }
    try (LogIndex index = LogIndex.open(folder)) {
      index.follow("another of the same name");
      assertThat(index.next(3)).isZero();
    }
  }

  @Test
  void keepsAndFindsLinesWhoseWordsAreTooLong() throws IOException {
    String pod = "p".repeat(40_000);
    LogLine line =
        new LogLine(NOON, "", "", "", "", pod, "", ONE, "", "", "m".repeat(100_000) + " end");
    try (LogIndex index = LogIndex.open(folder)) {
      index.add(0, 0, List.of(line));
      index.commit();

      assertThat(index.search(LogQuery.of(List.of(Map.entry("trace_id", ONE)))).lines())
          .containsExactly(line);
    }
  }

  @Test
  void forgetsWhatIsTooOld() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      index.add(0, 0, List.of(line(0, ONE, "old"), line(10, ONE, "new")));
      index.forget(NOON.plusSeconds(10));
      index.commit();

      assertThat(messages(index)).containsExactly("new");
    }
  }

  @Test
  void staysBelowItsLimitByLettingTheOldestGo() throws IOException {
    try (LogIndex index = LogIndex.open(folder)) {
      for (int offset = 0; offset < 200; offset++) {
        List<LogLine> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          lines.add(line(offset, ONE, "line %d of %d".formatted(i, offset)));
        }
        index.add(0, offset, lines);
      }
      index.commit();
      long limit = index.bytes() / 2;

      await("the index to be half as large")
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                boolean needed = index.shrink(limit);
                index.commit();
                return !needed;
              });

      assertThat(messages(index)).last().isEqualTo("line 99 of 199");
      assertThat(messages(index, "until", NOON.plusSeconds(10).toString())).isEmpty();
    }
  }

  @Test
  void losesNothingWhenTheDiskIsFullForAWhile() throws IOException {
    FullDisk disk = new FullDisk(FSDirectory.open(folder));
    LogIndex index = LogIndex.open(disk);
    index.add(0, 0, List.of(line(0, ONE, "before")));
    index.commit();
    index.add(0, 1, List.of(line(1, ONE, "while it is full")));
    disk.full = true;

    assertThatThrownBy(index::commit).isInstanceOf(IOException.class);
    index.close();

    try (LogIndex again = LogIndex.open(folder)) {
      assertThat(again.next(0)).isEqualTo(1);
      assertThat(messages(again)).containsExactly("before");
      again.add(0, 1, List.of(line(1, ONE, "while it is full")));
      again.commit();
      assertThat(messages(again)).containsExactly("before", "while it is full");
    }
  }

  private static LogLine line(int second, String traceId, String message) {
    return new LogLine(
        NOON.plus(Duration.ofSeconds(second)),
        "INFO",
        "tandem-payment",
        "beijing",
        "tandem",
        "payment-0",
        "payment",
        traceId,
        "",
        "dev.tandem",
        message);
  }

  private static List<String> messages(LogIndex index, String... namesAndValues)
      throws IOException {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.add(Map.entry(namesAndValues[i], namesAndValues[i + 1]));
    }
    return index.search(LogQuery.of(parameters)).lines().stream().map(LogLine::message).toList();
  }

  /** No file can be made while it is full. */
  private static final class FullDisk extends FilterDirectory {
    private boolean full;

    FullDisk(Directory disk) {
      super(disk);
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      return super.createOutput(name, context);
    }
  }
}
