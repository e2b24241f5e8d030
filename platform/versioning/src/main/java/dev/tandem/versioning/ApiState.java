package dev.tandem.versioning;

/** What was decided about a published package version. */
public sealed interface ApiState {

  /** In use. */
  record Active() implements ApiState {}

  /** In use, and to end: DEPRECATED, a word that Java has a meaning for already. */
  record Sunsetting(Announcement announcement) implements ApiState {}

  /** Ended: calls are refused. */
  record Retired(Announcement announcement) implements ApiState {}

  /** The word that stands for it in {@code lifecycle.yaml}. */
  default String word() {
    return switch (this) {
      case Active() -> "ACTIVE";
      case Sunsetting(Announcement _) -> "DEPRECATED";
      case Retired(Announcement _) -> "RETIRED";
    };
  }
}
