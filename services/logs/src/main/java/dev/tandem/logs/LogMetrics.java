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
    indexed =
        Counter.builder("tandem.logs.indexed")
            .description("Lines that were taken")
            .register(meters);
    skipped =
        Counter.builder("tandem.logs.skipped")
            .description("Records of Kafka's that are no lines")
            .register(meters);
    missed =
        Counter.builder("tandem.logs.missed")
            .description("Records that Kafka had forgotten before they were read")
            .register(meters);
    failures =
        Counter.builder("tandem.logs.failures")
            .description("Times that Kafka or the disk could not be used")
            .register(meters);
    behind = meters.gauge("tandem.logs.behind", new AtomicLong());
    bytes = meters.gauge("tandem.logs.bytes", new AtomicLong());
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
