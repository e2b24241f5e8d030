package dev.tandem.ratelimit;

import dev.tandem.ratelimit.RateLimitSettings.StoreType;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens the store that the settings name. */
final class SharedStores {

  /** A longer wait is a mistake in the unit; far longer ones do not even fit a timer. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private SharedStores() {}

  static @Nullable SharedBuckets open(
      RateLimitSettings.Store settings, Instance<DataSource> databases) {
    check(settings);
    return switch (settings.type()) {
      case NONE -> null;
      case POSTGRESQL -> {
        if (!databases.isResolvable()) {
          throw new IllegalArgumentException(
              "tandem.ratelimit.store.type: \"%s\" needs a bean of the type javax.sql.DataSource, and there is %s: give the service a database, or choose %s"
                  .formatted(
                      StoreType.POSTGRESQL,
                      databases.isUnsatisfied() ? "none" : "more than one",
                      StoreType.NONE));
        }
        yield PostgresqlBuckets.open(databases.get(), settings);
      }
    };
  }

  static void check(RateLimitSettings.Store settings) {
    requirePositive("timeout", settings.timeout());
    requirePositive("retry", settings.retry());
    if (settings.connections() < 1) {
      throw new IllegalArgumentException(
          "tandem.ratelimit.store.connections: \"%d\" lets no call ask the store: choose 1 or more"
              .formatted(settings.connections()));
    }
  }

  private static void requirePositive(String key, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "tandem.ratelimit.store.%s: \"%s\" is no time at all: write one such as 250ms"
              .formatted(key, duration));
    }
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "tandem.ratelimit.store.%s: \"%s\" is longer than a day: write a time such as 250ms"
              .formatted(key, duration));
    }
  }
}
