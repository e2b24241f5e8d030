package dev.tandem.cli.migrate;

import java.time.Duration;
import java.util.List;

/** What came of a command. */
sealed interface Outcome {

  /** Every cluster is in this phase, and it is good. */
  record Reached(Phase phase, String seen) implements Outcome {}

  /** The new deployment is the released one, and nothing is left of the migration. */
  record Finished(Duration took) implements Outcome {}

  /** Nothing was changed. */
  record Refused(List<MigratedCluster.Problem> problems) implements Outcome {
    static Refused because(String what, String fix) {
      return new Refused(List.of(new MigratedCluster.Problem(what, fix)));
    }
  }

  /** Every cluster that answers is back where it was. */
  record RolledBack(Phase from, Phase to, String reason, Duration took, List<String> unreachable)
      implements Outcome {}

  /** The phase was reached, and there were too few calls to judge it. */
  record Waiting(Phase phase, String seen) implements Outcome {}
}
