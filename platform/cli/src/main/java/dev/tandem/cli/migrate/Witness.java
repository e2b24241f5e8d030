package dev.tandem.cli.migrate;

/** Who is told of what happens, while it happens. */
interface Witness {

  /** All clusters begin to change. */
  void moving(Phase from, Phase to);

  /** All clusters look so. */
  void reached(Phase phase);

  /** A look at the gate that did not decide; there may be many. */
  void waiting(Phase phase, String seen);

  /** The phase is good. */
  void passed(Phase phase, String seen);

  /** Something that did not stop the migration and that somebody has to know. */
  void warning(String what);
}
