package dev.tandem.topology;

import java.util.List;

/** What a file turned out to hold. */
public sealed interface TopologyReading {

  record Valid(Topology topology) implements TopologyReading {}

  /**
   * The file holds mistakes.
   *
   * @param diagnostics all of them in the order of the file; at least one
   */
  record Invalid(List<Diagnostic> diagnostics) implements TopologyReading {
    public Invalid {
      diagnostics = List.copyOf(diagnostics);
      if (diagnostics.isEmpty()) {
        throw new IllegalArgumentException("an invalid topology has at least one mistake");
      }
    }
  }
}
