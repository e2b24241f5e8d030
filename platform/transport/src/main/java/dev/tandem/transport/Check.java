package dev.tandem.transport;

import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.Locale;

/**
 * What gRPC would change in silence or refuse without naming the setting is refused here, by its
 * key.
 */
record Check(String prefix) {

  /** gRPC raises shorter intervals to this one. */
  private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofSeconds(10);

  /** gRPC raises shorter limits of a connection to this one. */
  private static final Duration SHORTEST_LIFE = Duration.ofSeconds(1);

  /** gRPC counts nanoseconds; what is longer than this is a mistake in the unit anyway. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** RFC 9113, section 6.5.2. */
  private static final int LARGEST_WINDOW = Integer.MAX_VALUE;

  Duration keepAlive(String key, Duration value) {
    return atLeast(key, value, SHORTEST_KEEP_ALIVE);
  }

  Duration life(String key, Duration value) {
    return atLeast(key, value, SHORTEST_LIFE);
  }

  Duration positive(String key, Duration value) {
    return atLeast(key, value, Duration.ofMillis(10));
  }

  Duration notNegative(String key, Duration value) {
    return atLeast(key, value, Duration.ZERO);
  }

  private Duration atLeast(String key, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new WrongSettingException(
          prefix + key, text(value), "must be %s or longer".formatted(text(least)));
    }
    if (value.compareTo(LONGEST) > 0) {
      throw new WrongSettingException(prefix + key, text(value), "must not be longer than 365d");
    }
    return value;
  }

  int positive(String key, int value) {
    if (value < 1) {
      throw new WrongSettingException(prefix + key, value, "must be 1 or more");
    }
    return value;
  }

  int bytes(String key, MemorySize size) {
    long value = size.asLongValue();
    if (value < 1 || value > LARGEST_WINDOW) {
      throw new WrongSettingException(
          prefix + key, value, "must be between 1 byte and 2 GiB, such as 1M");
    }
    return (int) value;
  }

  /** As settings are written: 30s, not PT30S. */
  private static String text(Duration value) {
    return value.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
