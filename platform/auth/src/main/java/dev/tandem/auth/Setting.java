package dev.tandem.auth;

import java.util.Locale;
import java.util.Optional;

/** What is said about a setting that is missing or wrong: its key, its value and the fix. */
final class Setting {

  private static final String PREFIX = "tandem.auth.";

  private Setting() {}

  /** The value of a setting that has no default. */
  static String required(String name, Optional<String> value, String meaning) {
    String key = PREFIX + name;
    return value
        .filter(text -> !text.isBlank())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is not set, and calls are authenticated. Fix: set it (environment variable %s) to %s; or say tandem.auth.enabled=false"
                        .formatted(key, variable(key), meaning)));
  }

  /** Refuses a value unless it holds. */
  static void require(boolean holds, String name, Object value, String rule) {
    if (!holds) {
      throw wrong(name, value, rule);
    }
  }

  static IllegalArgumentException wrong(String name, Object value, String rule) {
    return new IllegalArgumentException("%s%s is '%s': %s".formatted(PREFIX, name, value, rule));
  }

  private static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }
}
