package dev.tandem.payment;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;

/**
 * Ends the start when a setting cannot be followed: pool and driver would find out with the first
 * call, or not at all.
 */
@Singleton
final class SettingsCheck {

  /** The pool refuses less. */
  private static final Duration SHORTEST_WAIT_FOR_A_CONNECTION = Duration.ofMillis(250);

  /** The driver counts in whole seconds. */
  private static final Duration SHORTEST_STATEMENT = Duration.ofSeconds(1);

  /** No caller waits that long; far longer ones do not even fit a timer. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** What PostgreSQL's intervals hold is more, but not what this program reckons with. */
  private static final Duration OLDEST_NAME = Duration.ofDays(36_500);

  private static final String URL = "jdbc:postgresql:";

  private final PaymentSettings settings;

  @Inject
  SettingsCheck(PaymentSettings settings) {
    this.settings = settings;
  }

  void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    check(settings);
  }

  /**
   * Checks what types cannot say.
   *
   * @throws IllegalArgumentException naming the key, the value and the fix
   */
  static void check(PaymentSettings settings) {
    requireBetween(
        "name-age", settings.nameAge(), Duration.ZERO, OLDEST_NAME, "0s to 36500d, such as 24h");
    PaymentSettings.Database database = settings.database();
    // Not what follows a question mark: it may be a password.
    String url = database.url().replaceFirst("\\?.*", "?...");
    require(
        url.startsWith(URL),
        "database.url",
        url,
        URL + "//HOST:PORT/DATABASE, as the driver has it");
    require(
        !database.username().isBlank(), "database.username", database.username(), "a role's name");
    require(
        database.connections() >= 1, "database.connections", database.connections(), "1 or more");
    requireBetween(
        "database.connection-timeout",
        database.connectionTimeout(),
        SHORTEST_WAIT_FOR_A_CONNECTION,
        LONGEST_WAIT,
        "250ms, the pool's least, to 1h, such as 1s");
    requireBetween(
        "database.statement-timeout",
        database.statementTimeout(),
        SHORTEST_STATEMENT,
        LONGEST_WAIT,
        "1s, the driver's least, to 1h, such as 2s");
    requireBetween(
        "database.retry",
        database.retry(),
        Duration.ofMillis(1),
        LONGEST_WAIT,
        "1ms to 1h, such as 250ms");
  }

  private static void requireBetween(
      String key, Duration value, Duration least, Duration most, String fix) {
    require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, key, value, fix);
  }

  private static void require(boolean holds, String key, Object value, String fix) {
    if (!holds) {
      throw new IllegalArgumentException(
          "tandem.payment.%s is %s: set it to %s".formatted(key, value, fix));
    }
  }
}
