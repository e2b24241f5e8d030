package dev.tandem.registry;

/** What the registry was last known to have of an instance. */
public sealed interface RegistrationState {

  /** Nothing: it was not offered yet, or was withdrawn. */
  record Absent() implements RegistrationState {}

  /** The instance. */
  record Present(Instance instance) implements RegistrationState {}

  /**
   * The registry gives no answer; it is asked again and again. What it had before it keeps, if it
   * is there, for as long as the lease.
   *
   * @param problem the reason, for people
   */
  record Unreachable(String problem) implements RegistrationState {}

  /**
   * The registry says no, such as to an id that another process has. It is asked again all the
   * same: the other may go, and rights may be given.
   *
   * @param problem the reason and what to do, for people
   */
  record Refused(String problem) implements RegistrationState {}
}
