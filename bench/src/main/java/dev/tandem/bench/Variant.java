package dev.tandem.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server to be measured.
 *
 * @param name for people
 * @param bare the bare server, or the user service
 * @param options of the JVM, besides those that all have
 * @param environment besides what all have
 */
record Variant(String name, boolean bare, List<String> options, Map<String, String> environment) {

  private static final String NO_BOUND = "10000000/s burst 10000000";

  static final Variant BARE = new Variant("bare grpc-java", true, List.of(), Map.of());

  static final Variant PLATFORM =
      new Variant(
          "user service",
          false,
          List.of(),
          Map.of("TANDEM_AUTH_ENABLED", "true", "TANDEM_RATELIMIT_LIMIT", NO_BOUND));

  static final Variant NO_AUTH =
      new Variant(
          "without auth",
          false,
          List.of(),
          Map.of("TANDEM_AUTH_ENABLED", "false", "TANDEM_RATELIMIT_LIMIT", NO_BOUND));

  static final Variant NO_LIMITER =
      new Variant(
          "without limiter",
          false,
          List.of(),
          Map.of("TANDEM_AUTH_ENABLED", "true", "TANDEM_RATELIMIT_ENABLED", "false"));

  /** The user service with everything switched on, and one more option of the JVM. */
  static Variant platform(String name, String option) {
    return new Variant(name, false, List.of(option), PLATFORM.environment());
  }

  /** This one, with more in its environment. */
  Variant with(String otherName, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Variant(otherName, bare, options, Map.copyOf(all));
  }
}
