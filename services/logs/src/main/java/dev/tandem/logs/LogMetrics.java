package dev.tandem.logs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** What becomes of the lines. */
@Singleton
final class LogMetrics {

  private final Counter indexed;
  private final Counter skipped;
  private final Counter missed;
  private final Counter failures;
  private final AtomicLong behind;
  private final AtomicLong bytes;

  @Inject
  LogMetrics(MeterRegistry meters) {
    indexed = counter(meters, "indexed", "Lines that were taken");
    skipped = counter(meters, "skipped", "Records of Kafka's that are no lines");
    missed = counter(meters, "missed", "Records that Kafka had forgotten before they were read");
    failures = counter(meters, "failures", "Times that Kafka or the disk could not be used");
    behind = meters.gauge("tandem.logs.behind", new AtomicLong());
    bytes = meters.gauge("tandem.logs.bytes", new AtomicLong());
  }

  private static Counter counter(MeterRegistry meters, String name, String description) {
    return Counter.builder("tandem.logs." + name).description(description).register(meters);
  }

  void indexed(int lines) {
    indexed.increment(lines);
  }

  void skipped() {
    skipped.increment();
  }

  void missed(long records) {
    missed.increment((double) records);
  }

  void failed() {
    failures.increment();
  }

  /** How many records are waiting in Kafka. */
  void behind(long records) {
    behind.set(records);
  }

  /** What the index takes of the disk. */
  void bytes(long size) {
    bytes.set(size);
  }
}
