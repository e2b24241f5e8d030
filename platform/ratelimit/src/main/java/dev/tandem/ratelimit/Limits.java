package dev.tandem.ratelimit;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits by name, written {@code a=100/s;b=5/m burst 10}.
 *
 * @param byName not ordered
 */
public record Limits(Map<String, Limit> byName) {

  public Limits {
    byName = Map.copyOf(byName);
  }

  /**
   * Reads the notation. The last {@code =} of an entry divides it, so that names may hold some.
   *
   * @throws IllegalArgumentException when the text is not in it, naming the fix
   */
  public static Limits of(String text) {
    Map<String, Limit> limits = new HashMap<>();
    for (String entry : text.split(";", -1)) {
      int equals = entry.lastIndexOf('=');
      String name = entry.substring(0, Math.max(equals, 0)).strip();
      if (name.isEmpty()) {
        throw new IllegalArgumentException(
            "\"%s\" names no limit: write entries as name=100/s, with ; between them"
                .formatted(entry));
      }
      if (limits.put(name, Limit.of(entry.substring(equals + 1))) != null) {
        throw new IllegalArgumentException("\"%s\" is there twice: keep one".formatted(name));
      }
    }
    return new Limits(limits);
  }
}
