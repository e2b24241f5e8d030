package dev.tandem.cli.migrate;

import dev.tandem.cli.migrate.Shape.OldVersion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a migration has come. */
sealed interface Phase {

  /** Nothing was changed, or everything was put back. */
  record Untouched() implements Phase {}

  /** The new deployment stands beside the old one, and nobody calls it. */
  record Beside() implements Phase {}

  /** Live calls are copied to it; its answers are compared and dropped. */
  record Mirrored() implements Phase {}

  /** It answers so many calls of a hundred. */
  record Shifted(int percent) implements Phase {
    public Shifted {
      if (percent < 1 || percent > 100) {
        throw new IllegalArgumentException("a share is 1 to 100 percent, not " + percent);
      }
    }
  }

  /** It answers all calls; callers of the old version are told that it will end. */
  record Deprecation() implements Phase {}

  /** Callers of the old version are told UNIMPLEMENTED, and what to call instead. */
  record Retirement() implements Phase {}

  /** The new deployment is the released one, and what belonged to the migration goes. */
  record Finish() implements Phase {}

  Pattern SHIFTED = Pattern.compile("shifted-([1-9][0-9]?|100)");

  /** The phase's name in the clusters' records, in JSON and on the command line. */
  default String key() {
    return switch (this) {
      case Untouched() -> "untouched";
      case Beside() -> "beside";
      case Mirrored() -> "mirrored";
      case Shifted(int percent) -> "shifted-" + percent;
      case Deprecation() -> "deprecated";
      case Retirement() -> "retired";
      case Finish() -> "finished";
    };
  }

  static Optional<Phase> parse(String key) {
    Matcher shifted = SHIFTED.matcher(key);
    if (shifted.matches()) {
      return Optional.of(new Shifted(Integer.parseInt(shifted.group(1))));
    }
    return switch (key) {
      case "untouched" -> Optional.of(new Untouched());
      case "beside" -> Optional.of(new Beside());
      case "mirrored" -> Optional.of(new Mirrored());
      case "deprecated" -> Optional.of(new Deprecation());
      case "retired" -> Optional.of(new Retirement());
      case "finished" -> Optional.of(new Finish());
      default -> Optional.empty();
    };
  }

  /** Whether nothing of the migration is left in it. */
  default boolean isOver() {
    return this instanceof Untouched || this instanceof Finish;
  }

  default Shape shape() {
    return switch (this) {
      case Untouched(), Finish() -> Shape.ORIGINAL;
      case Beside() -> new Shape(true, false, 0, OldVersion.ACTIVE);
      case Mirrored() -> new Shape(true, true, 0, OldVersion.ACTIVE);
      case Shifted(int percent) -> new Shape(true, false, percent, OldVersion.ACTIVE);
      case Deprecation() -> new Shape(true, false, 100, OldVersion.DEPRECATED);
      case Retirement() -> new Shape(true, false, 100, OldVersion.RETIRED);
    };
  }
}
