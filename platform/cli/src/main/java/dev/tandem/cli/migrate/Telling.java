package dev.tandem.cli.migrate;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what happens: lines on standard error while it happens, the outcome on standard output. */
final class Telling implements Witness {

  /** Waiting for calls is not a mistake, and not done either. */
  static final int EXIT_WAITING = 4;

  static final int EXIT_ROLLED_BACK = 3;
  private static final int EXIT_REFUSED = 2;

  /** A gate looks every second; people need not read all of it. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private final TargetOptions.Output output;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Clock clock;
  private final Instant started;
  private Instant lastWaiting = Instant.EPOCH;

  Telling(TargetOptions.Output output, PrintWriter out, PrintWriter err, Clock clock) {
    this.output = output;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.started = clock.instant();
  }

  @Override
  public void moving(Phase from, Phase to) {
    say("%s → %s in every cluster".formatted(from.key(), to.key()));
  }

  @Override
  public void reached(Phase phase) {
    say(phase.key() + " everywhere");
  }

  @Override
  public void waiting(Phase phase, String seen) {
    Instant now = clock.instant();
    if (Duration.between(lastWaiting, now).compareTo(BETWEEN_LOOKS) >= 0) {
      lastWaiting = now;
      say("%s: %s".formatted(phase.key(), seen));
    }
  }

  @Override
  public void passed(Phase phase, String seen) {
    say("%s: %s".formatted(phase.key(), seen));
  }

  @Override
  public void warning(String what) {
    say("warning: " + what);
  }

  private void say(String what) {
    Duration since = Duration.between(started, clock.instant());
    err.printf("%7.1f s  %s%n", since.toMillis() / 1000.0, what);
    err.flush();
  }

  /** The outcome, and the command's exit code. */
  int tell(Outcome outcome) {
    Map<String, Object> json = new LinkedHashMap<>();
    int exit =
        switch (outcome) {
          case Outcome.Reached(Phase phase, String seen) -> {
            json.put("outcome", "reached");
            json.put("phase", phase.key());
            json.put("seen", seen);
            text("%s: %s".formatted(phase.key(), seen));
            yield 0;
          }
          case Outcome.RolledBack(
                  Phase from,
                  Phase to,
                  String reason,
                  Duration took,
                  List<String> unreachable) -> {
            json.put("outcome", "rolled-back");
            json.put("from", from.key());
            json.put("to", to.key());
            json.put("reason", reason);
            json.put("millis", took.toMillis());
            json.put("unreachable", unreachable);
            text(
                "%s → %s in %.1f s: %s"
                    .formatted(from.key(), to.key(), took.toMillis() / 1000.0, reason));
            if (!unreachable.isEmpty()) {
              text(
                  "not reached: %s; the next command puts it right"
                      .formatted(String.join(", ", unreachable)));
            }
            yield reason.equals("asked to") && unreachable.isEmpty() ? 0 : EXIT_ROLLED_BACK;
          }
          case Outcome.Finished(Duration took) -> {
            json.put("outcome", "finished");
            json.put("millis", took.toMillis());
            text("finished in %.1f s".formatted(took.toMillis() / 1000.0));
            yield 0;
          }
          case Outcome.Waiting(Phase phase, String seen) -> {
            json.put("outcome", "waiting");
            json.put("phase", phase.key());
            json.put("seen", seen);
            text("%s, not judged yet: %s; run the command again".formatted(phase.key(), seen));
            yield EXIT_WAITING;
          }
          case Outcome.Refused(List<MigratedCluster.Problem> problems) -> {
            json.put("outcome", "refused");
            json.put(
                "problems",
                problems.stream()
                    .map(problem -> Map.of("problem", problem.what(), "fix", problem.fix()))
                    .toList());
            problems.forEach(this::complain);
            yield EXIT_REFUSED;
          }
        };
    if (output == TargetOptions.Output.JSON) {
      out.println(Serialization.asJson(json));
    }
    out.flush();
    return exit;
  }

  /** What is wrong with the request itself. */
  int refuse(String problem) {
    return tell(Outcome.Refused.because(problem, "tandem migrate --help"));
  }

  private void complain(MigratedCluster.Problem problem) {
    err.printf("error: %s%n    fix: %s%n", problem.what(), problem.fix());
    err.flush();
  }

  private void text(String line) {
    if (output == TargetOptions.Output.TEXT) {
      out.println(line);
    }
  }
}
