package dev.tandem.cli.migrate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One cluster, as far as a migration needs it. Every method may throw {@link ClusterException};
 * none leaves more than its own change half done, and each may be repeated.
 */
interface MigratedCluster {

  /** Its name in the topology. */
  String name();

  /** Why the migration cannot begin here, one sentence each; nothing when it can. */
  List<Problem> problems(Migration migration);

  /** What it remembers of the service's migration. */
  Optional<Progress> progress(String service);

  void remember(Progress progress);

  void forget(String service);

  /**
   * Lets the mesh tell the two deployments apart. Gateways need to know that before any other
   * cluster's callers name one of them.
   *
   * @return whether anything had to be changed
   */
  boolean prepare(Migration migration);

  /** Makes a prepared cluster look so, and waits until it does. */
  void apply(Migration migration, Shape shape);

  /**
   * Sends no calls to the new deployment any more, whatever else there is: of the old version of
   * the contract, or of both when the old deployment has been promoted.
   */
  void withdraw(Migration migration, boolean promoted);

  /** Undoes {@link #prepare}, when no cluster's callers name one of the deployments any more. */
  void clean(Migration migration);

  /** Has the old deployment's pods replaced by such as the new one's, while nobody calls them. */
  void promote(Migration migration);

  /** Undoes {@link #promote}, where that was done. */
  void demote(Migration migration);

  /** Whether it looks so; what differs, or nothing. */
  List<String> drift(Migration migration, Shape shape);

  Reading read(Migration migration);

  /** The answers of a deployment since then, from the logs of its pods. */
  List<Answer> answers(Migration migration, Track track, Instant since);

  /**
   * Takes or keeps the right to change this cluster.
   *
   * @return who has it instead, or nothing when it was given
   */
  Optional<Holder> claim(String service, String owner);

  void release(String service, String owner);

  /** Somebody else who is at work. */
  record Holder(String owner, Instant renewed) {}

  /** What is in the way, and what to do about it. */
  record Problem(String what, String fix) {}
}
