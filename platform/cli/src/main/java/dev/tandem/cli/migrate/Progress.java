package dev.tandem.cli.migrate;

import java.time.Instant;
import java.util.Optional;

/**
 * What a cluster remembers of a migration. Every cluster has its own copy; when they differ, the
 * one with the highest revision is what was decided.
 *
 * @param migration what is migrated
 * @param revision grows with every decision
 * @param phase what the cluster looks like, or looked like before the intent
 * @param intent what it is being changed to; whoever finds it knows that the command died
 * @param judged whether the phase passed its gate
 * @param baseline what the old deployment was like when it last had calls enough to say
 * @param since when the phase was reached
 */
record Progress(
    Migration migration,
    long revision,
    Phase phase,
    Optional<Phase> intent,
    boolean judged,
    Optional<Baseline> baseline,
    Instant since) {

  static Progress start(Migration migration, Instant now) {
    return new Progress(
        migration, 0, new Phase.Untouched(), Optional.empty(), true, Optional.empty(), now);
  }

  Progress intends(Phase next) {
    return new Progress(migration, revision, phase, Optional.of(next), judged, baseline, since);
  }

  Progress gaveUp() {
    return new Progress(migration, revision, phase, Optional.empty(), judged, baseline, since);
  }

  /** The decision: from here on this phase is what the cluster has to look like. */
  Progress reached(Phase next, boolean needsJudging, Instant now) {
    return new Progress(
        migration, revision + 1, next, Optional.empty(), !needsJudging, baseline, now);
  }

  Progress passed(Optional<Baseline> seen) {
    return new Progress(
        migration, revision, phase, intent, true, seen.isPresent() ? seen : baseline, since);
  }
}
