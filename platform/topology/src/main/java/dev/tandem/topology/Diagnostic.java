package dev.tandem.topology;

import java.util.Comparator;

/**
 * One mistake in a file.
 *
 * @param file the file as the reader was given it
 * @param position where in the file
 * @param problem what is wrong, in one sentence
 * @param fix what to do about it
 */
public record Diagnostic(String file, Position position, String problem, String fix) {

  /**
   * A place in a text; both numbers count from 1, the column in Unicode code points.
   *
   * <p>Positions order as the text reads.
   */
  public record Position(int line, int column) implements Comparable<Position> {

    static final Position START = new Position(1, 1);

    private static final Comparator<Position> READING_ORDER =
        Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

    public Position {
      if (line < 1 || column < 1) {
        throw new IllegalArgumentException("lines and columns count from 1");
      }
    }

    @Override
    public int compareTo(Position other) {
      return READING_ORDER.compare(this, other);
    }
  }

  /** Two lines: {@code file:line:column: problem}, which editors can follow, and the fix. */
  @Override
  public String toString() {
    return "%s:%d:%d: %s\n    fix: %s"
        .formatted(file, position.line(), position.column(), problem, fix);
  }
}
