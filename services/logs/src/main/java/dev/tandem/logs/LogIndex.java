package dev.tandem.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.PointValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;

/**
 * Lines on a disk, and how far Kafka's partitions have been read to get them. Both are written by
 * the same {@link #commit}: whatever happens in between, a line is there once, or comes again. One
 * thread writes; any may search.
 */
final class LogIndex implements AutoCloseable {

  private static final String TIME = "time";
  private static final String SPAN = "span_id";
  private static final String LOGGER = "logger";
  private static final String MESSAGE = "message";

  /** In the commit's data, before the partition's number. */
  private static final String NEXT = "next-";

  private static final String TOPIC = "topic";
  private static final long NANOS = 1_000_000_000;
  private static final double WRITE_BUFFER_MEBIBYTES = 16;

  /** What goes at once when there is no room: this part of the time that lines are of. */
  private static final int PART_THAT_GOES = 5;

  private final Directory directory;
  private final Analyzer analyzer = new StandardAnalyzer();
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final Map<String, String> position = new HashMap<>();
  private Map<String, String> committed;

  private LogIndex(Directory directory) throws IOException {
    this.directory = directory;
    this.writer =
        new IndexWriter(
            directory,
            new IndexWriterConfig(analyzer)
                // Never without the position that belongs to it.
                .setCommitOnClose(false)
                .setMergePolicy(new TieredMergePolicy().setForceMergeDeletesPctAllowed(0))
                .setRAMBufferSizeMB(WRITE_BUFFER_MEBIBYTES));
    try {
      this.searchers = new SearcherManager(writer, null);
      var data = writer.getLiveCommitData();
      if (data != null) {
        data.forEach(entry -> position.put(entry.getKey(), entry.getValue()));
      }
      committed = Map.copyOf(position);
    } catch (IOException | RuntimeException e) {
      writer.rollback();
      throw e;
    }
  }

  /**
   * As it was at its last {@link #commit}.
   *
   * @throws IOException when it cannot be read or written, or when another process has it
   */
  static LogIndex open(Path folder) throws IOException {
    return open(FSDirectory.open(Files.createDirectories(folder)));
  }

  static LogIndex open(Directory directory) throws IOException {
    try {
      return new LogIndex(directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Says which topic is read from now on. One that was made anew begins anew, under the same name
   * or not.
   */
  void follow(String topic) {
    if (!topic.equals(position.get(TOPIC))) {
      position.clear();
      position.put(TOPIC, topic);
    }
  }

  /** The first record of a partition that is not here. */
  long next(int partition) {
    return Long.parseLong(position.getOrDefault(NEXT + partition, "0"));
  }

  /** Adds a record's lines, or none when it has none. */
  void add(int partition, long offset, List<LogLine> lines) throws IOException {
    for (LogLine line : lines) {
      writer.addDocument(document(line));
    }
    position.put(NEXT + partition, Long.toString(offset + 1));
  }

  /**
   * What was added is on the disk, and can be found, when this returns. Nothing is written when
   * nothing has changed.
   */
  void commit() throws IOException {
    // Lucene takes data that are set for a change, also when they are the same.
    if (!position.equals(committed)) {
      committed = Map.copyOf(position);
      writer.setLiveCommitData(committed.entrySet());
    }
    writer.commit();
    searchers.maybeRefreshBlocking();
  }

  /** Takes lines out that are older; {@link #commit} makes it final. */
  void forget(Instant before) throws IOException {
    writer.deleteDocuments(LongPoint.newRangeQuery(TIME, Long.MIN_VALUE, nanos(before) - 1));
  }

  /**
   * Takes the oldest lines out when the index is larger than it may be. The room is there when
   * parts of the index have been written anew, in the background: ask again after a while.
   *
   * @return whether there was a need
   */
  boolean shrink(long limit) throws IOException {
    if (bytes() <= limit) {
      return false;
    }
    IndexSearcher searcher = searchers.acquire();
    try {
      IndexReader reader = searcher.getIndexReader();
      if (reader.hasDeletions()) {
        // Of last time: whether that was enough is not known yet.
        writer.forceMergeDeletes();
        return true;
      }
      byte[] lowest = PointValues.getMinPackedValue(reader, TIME);
      byte[] highest = PointValues.getMaxPackedValue(reader, TIME);
      if (lowest == null || highest == null) {
        return false;
      }
      long oldest = LongPoint.decodeDimension(lowest, 0);
      long newest = LongPoint.decodeDimension(highest, 0);
      writer.deleteDocuments(
          LongPoint.newRangeQuery(TIME, oldest, oldest + (newest - oldest) / PART_THAT_GOES));
      writer.forceMergeDeletes();
      return true;
    } finally {
      searchers.release(searcher);
    }
  }

  /** What it takes of the disk. */
  long bytes() throws IOException {
    long bytes = 0;
    for (String file : directory.listAll()) {
      bytes += directory.fileLength(file);
    }
    return bytes;
  }

  /**
   * What was found.
   *
   * @param lines in the order of time
   * @param more whether there are older ones that match
   */
  record Found(List<LogLine> lines, boolean more) {}

  Found search(LogQuery wanted) throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      // Of the same instant, in the order in which they came.
      Sort newestFirst =
          new Sort(
              new SortField(TIME, SortField.Type.LONG, true),
              new SortField(null, SortField.Type.DOC, true));
      ScoreDoc[] found = searcher.search(query(wanted), wanted.limit() + 1, newestFirst).scoreDocs;
      StoredFields stored = searcher.storedFields();
      List<LogLine> lines = new ArrayList<>();
      for (int i = 0; i < Math.min(found.length, wanted.limit()); i++) {
        lines.add(line(stored.document(found[i].doc)));
      }
      Collections.reverse(lines);
      return new Found(lines, found.length > wanted.limit());
    } finally {
      searchers.release(searcher);
    }
  }

  private Query query(LogQuery wanted) {
    BooleanQuery.Builder query =
        new BooleanQuery.Builder().add(MatchAllDocsQuery.INSTANCE, Occur.FILTER);
    wanted
        .exact()
        .forEach((field, value) -> query.add(new TermQuery(new Term(field, value)), Occur.FILTER));
    if (wanted.since().isPresent() || wanted.until().isPresent()) {
      query.add(
          LongPoint.newRangeQuery(
              TIME,
              wanted.since().map(LogIndex::nanos).orElse(Long.MIN_VALUE),
              wanted.until().map(until -> nanos(until) - 1).orElse(Long.MAX_VALUE)),
          Occur.FILTER);
    }
    wanted.text().ifPresent(text -> query.add(words(text), Occur.FILTER));
    return query.build();
  }

  /** All words of a text; a text without any is in no line. */
  private Query words(String text) {
    return Optional.ofNullable(
            new QueryBuilder(analyzer).createBooleanQuery(MESSAGE, text, Occur.MUST))
        .orElseGet(() -> new MatchNoDocsQuery("no words"));
  }

  private static Document document(LogLine line) {
    Document document = new Document();
    long nanos = nanos(line.time());
    document.add(new LongPoint(TIME, nanos));
    document.add(new NumericDocValuesField(TIME, nanos));
    document.add(new StoredField(TIME, nanos));
    word(document, LogQuery.TRACE, line.traceId());
    word(document, "severity", line.severity());
    word(document, "service", line.service());
    word(document, "cluster", line.cluster());
    word(document, "namespace", line.namespace());
    word(document, "pod", line.pod());
    word(document, "container", line.container());
    document.add(new StoredField(SPAN, line.spanId()));
    document.add(new StoredField(LOGGER, line.logger()));
    document.add(new TextField(MESSAGE, line.message(), Store.YES));
    return document;
  }

  /**
   * Whoever wrote the line chose its values: Lucene takes no word that is longer than its limit.
   */
  private static void word(Document document, String field, String value) {
    if (new BytesRef(value).length <= IndexWriter.MAX_TERM_LENGTH) {
      document.add(new StringField(field, value, Store.YES));
    } else {
      document.add(new StoredField(field, value));
    }
  }

  private static LogLine line(Document document) {
    long nanos = document.getField(TIME).numericValue().longValue();
    return new LogLine(
        Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)),
        text(document, "severity"),
        text(document, "service"),
        text(document, "cluster"),
        text(document, "namespace"),
        text(document, "pod"),
        text(document, "container"),
        text(document, LogQuery.TRACE),
        text(document, SPAN),
        text(document, LOGGER),
        text(document, MESSAGE));
  }

  private static String text(Document document, String field) {
    return Optional.ofNullable(document.get(field)).orElse("");
  }

  /** Since 1970; what is further away than 64 bits reach is as far as they reach. */
  private static long nanos(Instant instant) {
    try {
      return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
    } catch (ArithmeticException _) {
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE + 1 : Long.MAX_VALUE;
    }
  }

  /** Ends as it was at its last commit. */
  @Override
  public void close() throws IOException {
    searchers.close();
    writer.rollback();
    directory.close();
  }
}
