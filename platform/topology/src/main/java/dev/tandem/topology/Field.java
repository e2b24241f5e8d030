package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;
import java.util.Optional;
import java.util.function.Function;

/** The value of a key, as far as the file gives one. */
sealed interface Field<T> {

  record Present<T>(T value, Position position) implements Field<T> {}

  /** The key is not there. */
  record Absent<T>() implements Field<T> {}

  /** The key is there, its value is unusable, and that has been reported. */
  record Faulty<T>() implements Field<T> {}

  default Optional<Present<T>> present() {
    return switch (this) {
      case Present<T> present -> Optional.of(present);
      case Absent<T>() -> Optional.empty();
      case Faulty<T>() -> Optional.empty();
    };
  }

  /** The value in a file without mistakes. */
  default T value() {
    return present()
        .map(Present::value)
        .orElseThrow(() -> new IllegalStateException("a value is missing, and nobody reported it"));
  }

  default Field<T> orDefault(T value, Position position) {
    return this instanceof Absent<T> ? new Present<>(value, position) : this;
  }

  default <R> Field<R> flatMap(Function<Present<T>, Field<R>> mapping) {
    return switch (this) {
      case Present<T> present -> mapping.apply(present);
      case Absent<T>() -> new Absent<>();
      case Faulty<T>() -> new Faulty<>();
    };
  }
}
