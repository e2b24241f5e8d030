package dev.tandem.e2e;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.telemetry.Jaeger;
import dev.tandem.e2e.telemetry.Trace;
import dev.tandem.e2e.telemetry.Trace.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A charge whose trace has to be kept. */
record TracedCharge(TraceId id, Call call) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Charges until one is answered by another cluster; half of them are. */
  private static final int TRIES = 40;

  /** Charges until another cluster answers. */
  static TracedCharge answeredElsewhere(LiveCluster cluster, TraceHeader header) {
    List<String> answers = new ArrayList<>();
    for (int each = 0; each < TRIES; each++) {
      TraceId id = TraceId.random();
      Call call = cluster.caller().call(Work.charge(Charges.of(1200)), header.of(id));
      if (call.ok() && !call.cluster().equals(cluster.name())) {
        return new TracedCharge(id, call);
      }
      answers.add(call.describe());
    }
    throw new AssertionError(
        "of %d charges from %s none was answered by another cluster: %s"
            .formatted(TRIES, cluster, answers));
  }

  /** The trace, as soon as Jaeger has all of it. */
  Trace awaitIn(Jaeger jaeger) {
    CompletableFuture<Trace> whole = new CompletableFuture<>();
    Await.until(
        "the whole trace %s in Jaeger".formatted(id.trace()),
        LIMIT,
        () -> {
          Optional<Trace> trace = jaeger.trace(id.trace());
          if (trace.isEmpty()) {
            return Optional.of("Jaeger does not know it");
          }
          List<String> missing = missing(trace.get());
          if (missing.isEmpty()) {
            whole.complete(trace.get());
          }
          return missing.isEmpty()
              ? Optional.empty()
              : Optional.of("it lacks %s; it has %s".formatted(missing, described(trace.get())));
        });
    return whole.join();
  }

  /** What a charge that another cluster answers has to consist of, as far as it is not there. */
  private List<String> missing(Trace trace) {
    List<String> missing = new ArrayList<>();
    Optional<Span> payment =
        trace.spans().stream()
            .filter(span -> is(span, "tandem-payment", Span.SERVER))
            .filter(span -> span.attribute("k8s.cluster.name").equals(call.cluster()))
            .findFirst();
    if (payment.isEmpty()) {
      missing.add("payment's SERVER span in " + call.cluster());
    } else {
      expectChain(
          missing, trace, payment.get(), List.of("payment.tandem SERVER", "caller.tandem CLIENT"));
    }
    Optional<Span> user = find(trace, "tandem-user", Span.SERVER);
    if (user.isEmpty()) {
      missing.add("user's SERVER span");
    } else {
      expectChain(
          missing,
          trace,
          user.get(),
          List.of(
              "user.tandem SERVER",
              "payment.tandem CLIENT",
              "tandem-payment CLIENT",
              "tandem-payment SERVER"));
    }
    if (trace.spans().stream()
        .noneMatch(
            span ->
                span.service().equals("tandem-payment")
                    && span.attribute("db.system.name").equals("postgresql"))) {
      missing.add("payment's span of a statement");
    }
    return missing;
  }

  /** The spans above one, from the nearest on, as service and kind. */
  private static void expectChain(
      List<String> missing, Trace trace, Span span, List<String> expected) {
    List<String> found = new ArrayList<>();
    Optional<Span> parent = trace.parentOf(span);
    while (parent.isPresent() && found.size() < expected.size()) {
      found.add(label(parent.get()));
      parent = trace.parentOf(parent.get());
    }
    if (!found.equals(expected)) {
      missing.add("%s above %s, but %s".formatted(expected, label(span), found));
    }
  }

  private static boolean is(Span span, String service, int kind) {
    return span.service().equals(service) && span.kind() == kind;
  }

  private static Optional<Span> find(Trace trace, String service, int kind) {
    return trace.spans().stream().filter(span -> is(span, service, kind)).findFirst();
  }

  /** From the caller to the user service, span by span. */
  String path(Trace trace) {
    return path(trace, find(trace, "tandem-user", Span.SERVER).orElseThrow());
  }

  private static String label(Span span) {
    return span.service()
        + switch (span.kind()) {
          case Span.SERVER -> " SERVER";
          case Span.CLIENT -> " CLIENT";
          default -> " " + span.kind();
        };
  }

  private static String path(Trace trace, Span last) {
    List<String> path = new ArrayList<>();
    for (Optional<Span> span = Optional.of(last);
        span.isPresent();
        span = trace.parentOf(span.get())) {
      path.addFirst(
          "%s in %s".formatted(label(span.get()), span.get().attribute("k8s.cluster.name")));
    }
    return String.join(" → ", path);
  }

  private static String described(Trace trace) {
    return trace.spans().stream().map(span -> path(trace, span)).toList().toString();
  }
}
