package dev.tandem.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.prometheus.client.exemplars.tracer.common.SpanContextSupplier;
import org.jspecify.annotations.Nullable;

/** Tells a histogram which trace the measurement belongs to that it is being given. */
final class CurrentSpan implements SpanContextSupplier {

  @Override
  public @Nullable String getTraceId() {
    SpanContext span = current();
    return span.isValid() ? span.getTraceId() : null;
  }

  @Override
  public @Nullable String getSpanId() {
    SpanContext span = current();
    return span.isValid() ? span.getSpanId() : null;
  }

  /** An exemplar must lead to a trace that somebody keeps. */
  @Override
  public boolean isSampled() {
    return current().isSampled();
  }

  private static SpanContext current() {
    return Span.fromContext(GrpcContextStorage.now()).getSpanContext();
  }
}
