package dev.tandem.topology;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody meant. */
public final class Suggestion {

  private Suggestion() {}

  /** The candidate nearest to {@code word}, if one is so near that it looks like a slip. */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    int tolerance = Math.max(1, word.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(folded(word), folded(candidate)) <= tolerance)
        .min(Comparator.comparingInt(candidate -> distance(folded(word), folded(candidate))));
  }

  /** "did you mean …?" where a candidate is near, else the list of candidates. */
  public static String among(String word, Collection<String> candidates) {
    return nearest(word, candidates)
        .map("did you mean \"%s\"?"::formatted)
        .orElseGet(() -> "choose from: " + String.join(", ", candidates));
  }

  private static String folded(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** Edits that turn one word into the other; swapped neighbours count once. */
  private static int distance(String one, String other) {
    int[][] edits = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(one, other, i, j, edits);
      }
    }
    return edits[one.length()][other.length()];
  }

  private static int cheapest(String one, String other, int i, int j, int[][] edits) {
    int substitution = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
    int cheapest =
        Math.min(
            edits[i - 1][j - 1] + substitution, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(cheapest, edits[i - 2][j - 2] + 1) : cheapest;
  }
}
