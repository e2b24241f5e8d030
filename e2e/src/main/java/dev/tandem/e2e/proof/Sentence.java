package dev.tandem.e2e.proof;

import java.util.Locale;

/** A method's name as the sentence that it is. */
final class Sentence {
  private Sentence() {}

  /** {@code twoAndTwoMakeFour} is "Two and two make four". */
  static String of(String methodName) {
    String words = methodName.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
