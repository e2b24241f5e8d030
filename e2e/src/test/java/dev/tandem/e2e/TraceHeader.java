package dev.tandem.e2e;

import java.util.Map;

/** How a caller says which trace a call belongs to, and that it is to be kept. */
enum TraceHeader {
  W3C {
    @Override
    Map<String, String> of(TraceId id) {
      return Map.of(
          "traceparent",
          "00-%s-%s-01".formatted(id.trace(), id.span()),
          "tracestate",
          "tandem=keep");
    }
  },
  ZIPKIN {
    @Override
    Map<String, String> of(TraceId id) {
      return Map.of(
          "x-b3-traceid",
          id.trace(),
          "x-b3-spanid",
          id.span(),
          "x-b3-sampled",
          "1",
          "tracestate",
          "tandem=keep");
    }
  };

  abstract Map<String, String> of(TraceId id);
}
