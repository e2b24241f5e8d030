package dev.tandem.e2e.drill;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ways that a fault closes, from a caller's cluster to the cluster of the pods that would
 * answer it.
 *
 * @param closed none for a fault that callers should not feel at all
 * @param services whose calls the fault closes them to
 * @param withoutDatabase clusters that it leaves no way to the database: payments there must fail
 */
record Paths(Set<Path> closed, Set<String> services, Set<String> withoutDatabase) {
  /** One way. */
  record Path(String from, String to) {}

  Paths {
    closed = Set.copyOf(closed);
    services = Set.copyOf(services);
    withoutDatabase = Set.copyOf(withoutDatabase);
  }

  /** Nothing is closed. */
  static Paths none() {
    return new Paths(Set.of(), Set.of(), Set.of());
  }

  /** Ways that are closed while every caller still reaches the database. */
  static Paths closed(Set<Path> closed, Set<String> services) {
    return new Paths(closed, services, Set.of());
  }

  /** Whether a call's way to the cluster that answered it is one of them. */
  boolean used(DrilledCall call) {
    return closed.contains(new Path(call.from(), call.call().cluster()));
  }

  /** Whether a call has anything to do with the fault: it might have gone one of these ways. */
  boolean concern(DrilledCall call) {
    return services.contains(call.kind().service())
        && closed.stream().anyMatch(path -> path.from().equals(call.from()));
  }

  /**
   * Whether a call cannot succeed, whatever a mesh does: there is one database, and no way to it.
   */
  boolean hopeless(DrilledCall call) {
    return call.kind() == DrilledCall.Kind.CHARGE && withoutDatabase.contains(call.from());
  }

  @Override
  public String toString() {
    return closed.isEmpty()
        ? "none"
        : closed.stream()
            .map(path -> path.from() + " to " + path.to())
            .sorted()
            .collect(Collectors.joining(", "));
  }
}
