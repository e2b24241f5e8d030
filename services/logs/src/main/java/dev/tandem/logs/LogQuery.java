package dev.tandem.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which lines are wanted.
 *
 * @param exact what fields have to be, by the field's name
 * @param text words that the message has to have, all of them
 * @param since not before
 * @param until before
 * @param limit how many at most: the newest
 */
record LogQuery(
    Map<String, String> exact,
    Optional<String> text,
    Optional<Instant> since,
    Optional<Instant> until,
    int limit) {

  static final String TRACE = "trace_id";

  /** Fields that are looked for as a whole. */
  static final List<String> EXACT =
      List.of(TRACE, "severity", "service", "cluster", "namespace", "pod", "container");

  private static final Pattern TRACE_ID = Pattern.compile("[0-9a-fA-F]{32}");
  private static final int USUAL = 100;
  private static final int MOST = 1000;

  LogQuery {
    exact = Map.copyOf(exact);
  }

  /**
   * What somebody asks for.
   *
   * @param parameters names and values as they stand in a URL
   * @throws IllegalArgumentException when it cannot be answered, naming parameter, value and fix
   */
  static LogQuery of(Iterable<Map.Entry<String, String>> parameters) {
    Map<String, String> exact = new TreeMap<>();
    Optional<String> text = Optional.empty();
    Optional<Instant> since = Optional.empty();
    Optional<Instant> until = Optional.empty();
    int limit = USUAL;
    for (Map.Entry<String, String> parameter : parameters) {
      String name = parameter.getKey();
      String value = parameter.getValue();
      switch (name) {
        case TRACE -> exact.put(TRACE, traceId(value));
        case "text" -> text = Optional.of(value);
        case "since" -> since = Optional.of(instant(name, value));
        case "until" -> until = Optional.of(instant(name, value));
        case "limit" -> limit = limit(value);
        default -> {
          if (!EXACT.contains(name)) {
            throw new IllegalArgumentException(
                "\"%s\" is no parameter: use %s, text, since, until or limit"
                    .formatted(name, String.join(", ", EXACT)));
          }
          exact.put(name, value);
        }
      }
    }
    return new LogQuery(exact, text, since, until, limit);
  }

  private static String traceId(String value) {
    if (!TRACE_ID.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "trace_id is \"%s\": write 32 hexadecimal digits".formatted(value));
    }
    return value.toLowerCase(Locale.ROOT);
  }

  private static Instant instant(String name, String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "%s is \"%s\": write an instant such as 2026-01-31T12:00:00Z".formatted(name, value), e);
    }
  }

  private static int limit(String value) {
    try {
      int limit = Integer.parseInt(value);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    } catch (NumberFormatException _) {
      // As one that is out of range.
    }
    throw new IllegalArgumentException(
        "limit is \"%s\": write a number from 1 to %d".formatted(value, MOST));
  }
}
