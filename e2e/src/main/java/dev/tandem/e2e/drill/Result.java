package dev.tandem.e2e.drill;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

  /** The goals that were missed although nothing stands against them. */
  List<Goal> missed() {
    return Arrays.stream(Goal.values())
        .filter(goal -> misses(goal) && !drill.bounds().containsKey(goal))
        .toList();
  }

  /** The goals that were missed and could not be met, with the reason. */
  Map<Goal, String> bounded() {
    Map<Goal, String> bounded = new EnumMap<>(Goal.class);
    drill
        .bounds()
        .forEach(
            (goal, why) -> {
              if (misses(goal)) {
                bounded.put(goal, why);
              }
            });
    return bounded;
  }

  private boolean misses(Goal goal) {
    return goal.met(this).equals(Optional.of(false));
  }
}
