package dev.tandem.versioning;

import java.util.List;
import java.util.stream.Collectors;

/** What a file turned out to hold. */
public sealed interface LifecycleReading {

  record Valid(Lifecycle lifecycle) implements LifecycleReading {}

  /**
   * The file holds mistakes.
   *
   * @param diagnostics all of them in the order of the file; at least one
   */
  record Invalid(List<Diagnostic> diagnostics) implements LifecycleReading {

    public Invalid {
      diagnostics = List.copyOf(diagnostics);
      if (diagnostics.isEmpty()) {
        throw new IllegalArgumentException("an invalid lifecycle has at least one mistake");
      }
    }

    @Override
    public String toString() {
      return diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n"));
    }
  }
}
