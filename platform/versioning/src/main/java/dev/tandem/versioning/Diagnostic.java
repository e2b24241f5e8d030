package dev.tandem.versioning;

import java.util.Comparator;

/**
 * One mistake in a file.
 *
 * @param file the file as the reader was given it
 * @param line counts from 1
 * @param column counts from 1
 * @param problem what is wrong, in one sentence
 * @param fix what to do about it
 */
public record Diagnostic(String file, int line, int column, String problem, String fix) {

  static final Comparator<Diagnostic> READING_ORDER =
      Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column);

  /** Two lines: {@code file:line:column: problem}, which editors can follow, and the fix. */
  @Override
  public String toString() {
    return "%s:%d:%d: %s\n    fix: %s".formatted(file, line, column, problem, fix);
  }
}
