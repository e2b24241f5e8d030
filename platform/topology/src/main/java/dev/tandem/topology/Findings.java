package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the mistakes of one file, so that all are reported and not only the first. */
final class Findings {

  private final String file;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  Findings(String file) {
    this.file = file;
  }

  void add(Position position, String problem, String fix) {
    diagnostics.add(new Diagnostic(file, position, problem, fix));
  }

  boolean isEmpty() {
    return diagnostics.isEmpty();
  }

  List<Diagnostic> inReadingOrder() {
    return diagnostics.stream().sorted(Comparator.comparing(Diagnostic::position)).toList();
  }
}
