package dev.tandem.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans in batches and counts what became of each, under the names of OpenTelemetry's
 * conventions for <a href="https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/">SDKs</a>.
 * A call never waits for it: what finds no place in the queue is lost, and counted.
 */
final class SpanExport implements SpanProcessor {

  private static final Logger LOG = Logger.getLogger(SpanExport.class);

  private static final String PROCESSED = "otel.sdk.processor.span.processed";
  private static final String EXPORTED = "otel.sdk.exporter.span.exported";
  private static final String WAITING = "otel.sdk.processor.span.queue.size";

  private final SpanProcessor batches;

  /** Counted here and not by the batches, which tell nobody what they drop. */
  private final Semaphore places;

  private final Counter queued;
  private final Counter refused;
  private final Counter exported;
  private final Counter lost;
  private final AtomicBoolean delivering = new AtomicBoolean(true);

  SpanExport(
      SpanExporter exporter,
      int queueSize,
      Duration delay,
      Duration timeout,
      MeterRegistry meters) {
    this.places = new Semaphore(queueSize);
    this.queued = counter(meters, PROCESSED, "Spans that found a place in the queue", "");
    this.refused =
        counter(meters, PROCESSED, "Spans that found a place in the queue", "queue_full");
    this.exported = counter(meters, EXPORTED, "Spans that the collector took", "");
    this.lost = counter(meters, EXPORTED, "Spans that the collector took", "rejected");
    Gauge.builder(WAITING, places, free -> (double) queueSize - free.availablePermits())
        .description("Spans that wait for the collector")
        .register(meters);
    this.batches =
        BatchSpanProcessor.builder(new CountingExporter(exporter))
            .setMaxQueueSize(queueSize)
            .setMaxExportBatchSize(Math.min(queueSize, 512))
            .setScheduleDelay(delay)
            .setExporterTimeout(timeout)
            .build();
  }

  /** Nothing went wrong: an empty label, which Prometheus takes for none. */
  private static Counter counter(
      MeterRegistry meters, String name, String description, String error) {
    return Counter.builder(name)
        .description(description)
        .tag(Rpc.ERROR_TYPE.getKey(), error)
        .register(meters);
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (places.tryAcquire()) {
      queued.increment();
      batches.onEnd(span);
    } else {
      refused.increment();
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }

  private final class CountingExporter implements SpanExporter {

    private final SpanExporter exporter;

    private CountingExporter(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      // The batch is used again for the next one.
      int size = spans.size();
      CompletableResultCode result = send(spans);
      result.whenComplete(
          () -> {
            places.release(size);
            (result.isSuccess() ? exported : lost).increment(size);
            report(result.isSuccess(), result.getFailureThrowable());
          });
      return result;
    }

    private CompletableResultCode send(Collection<SpanData> spans) {
      try {
        return exporter.export(spans);
      } catch (RuntimeException e) {
        return CompletableResultCode.ofExceptionalFailure(e);
      }
    }

    /** Once for each outage, not once for each batch. */
    private void report(boolean delivered, @Nullable Throwable failure) {
      if (delivering.compareAndSet(!delivered, delivered)) {
        if (delivered) {
          LOG.info("The collector takes spans again");
        } else {
          LOG.warnf(
              "The collector takes no spans, they are lost until it does (%s): see"
                  + " tandem.telemetry.endpoint",
              failure == null ? "no reason given" : reason(failure));
        }
      }
    }

    private static String reason(Throwable failure) {
      return failure.getCause() == null ? failure.toString() : failure.getCause().toString();
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
