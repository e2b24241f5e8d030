package dev.tandem.e2e.drill;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a drill came to under one set of policies.
 *
 * @param policies whose policies were in force
 * @param calls every call, on the drill's clock
 */
record Result(
    Drill drill,
    Policies policies,
    List<String> clusters,
    Paths paths,
    Moments moments,
    Figures figures,
    StoredPayments stored,
    List<DrilledCall> calls) {
  Result {
    clusters = List.copyOf(clusters);
    calls = List.copyOf(calls);
  }

  /** Whose policies a drill runs with. */
  enum Policies {
    /** The charts'. */
    OURS("Tandem's policies"),
    /** None: what a mesh does that nobody has told anything. */
    DEFAULTS("Istio's defaults");

    private final String text;

    Policies(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Whether the fault closes a way that calls take. */
  boolean concerns() {
    return !paths.closed().isEmpty();
  }

  /** Whether calls took that way before, so that there is a home to come back to. */
  boolean homeExpected() {
    return calls.stream()
        .anyMatch(call -> call.end().compareTo(moments.struck()) < 0 && paths.used(call));
  }

  /** The calls that count as failed, as they were sent. */
  Stream<DrilledCall> failures() {
    return calls.stream().filter(call -> Figures.failed(call, moments, paths));
  }

  /** Unary calls that were answered, the slowest first, from the fault on. */
  Stream<DrilledCall> slowest() {
    return calls.stream()
        .filter(call -> call.ok() && call.kind() != DrilledCall.Kind.WATCH)
        .filter(call -> call.end().compareTo(moments.struck()) >= 0)
        .sorted(Comparator.comparing((DrilledCall call) -> call.call().latency()).reversed());
  }

  /**
   * A goal that was missed.
   *
   * @param bound why it could not be met; empty where nothing stands against it
   */
  record Miss(Goal goal, Optional<String> bound) {
    /** For people. */
    String sentence() {
      return "\"%s\"%s".formatted(goal.text(), bound.map(why -> ": " + why).orElse(""));
    }
  }

  /** The goals that were missed. */
  List<Miss> misses() {
    return Arrays.stream(Goal.values())
        .filter(this::misses)
        .map(goal -> new Miss(goal, Optional.ofNullable(drill.bounds().get(goal))))
        .toList();
  }

  /** Whether a goal was missed although nothing stands against it. */
  boolean failed() {
    return misses().stream().anyMatch(miss -> miss.bound().isEmpty());
  }

  private boolean misses(Goal goal) {
    return goal.met(this).equals(Optional.of(false));
  }
}
