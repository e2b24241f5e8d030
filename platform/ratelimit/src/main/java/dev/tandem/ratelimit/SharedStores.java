package dev.tandem.ratelimit;

import dev.tandem.ratelimit.RateLimitSettings.StoreType;
import jakarta.enterprise.inject.Instance;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens the store that the settings name. */
final class SharedStores {

  private SharedStores() {}

  static @Nullable SharedBuckets open(
      RateLimitSettings.Store settings, Instance<DataSource> databases) {
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
}
