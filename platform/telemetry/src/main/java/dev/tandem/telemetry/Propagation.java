package dev.tandem.telemetry;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import java.util.List;

/** A form in which a trace travels in a call's metadata. */
public enum Propagation {
  /** <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>: {@code traceparent}. */
  TRACECONTEXT,

  /** <a href="https://www.w3.org/TR/baggage/">W3C Baggage</a>: values that follow a trace. */
  BAGGAGE,

  /**
   * <a href="https://github.com/openzipkin/b3-propagation">Zipkin's B3</a>, which older meshes
   * speak: understood as one header and as several, sent as several.
   */
  B3;

  private TextMapPropagator propagator() {
    return switch (this) {
      case TRACECONTEXT -> W3CTraceContextPropagator.getInstance();
      case BAGGAGE -> W3CBaggagePropagator.getInstance();
      case B3 -> B3Propagator.injectingMultiHeaders();
    };
  }

  /** All of them at once; of those received, the first of the list wins. */
  static ContextPropagators inOrder(List<Propagation> forms) {
    // Each propagator overwrites what the one before it found.
    return ContextPropagators.create(
        TextMapPropagator.composite(
            forms.reversed().stream().map(Propagation::propagator).toList()));
  }
}
