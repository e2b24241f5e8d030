package dev.tandem.payment;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings the database's tables up to date, beside the start and for as long as it takes: a service
 * that starts before its database answers UNAVAILABLE and becomes ready by itself. Replicas may do
 * so at the same time; Flyway lets one go first.
 */
@Singleton
final class PaymentSchema {

  private static final Logger LOG = Logger.getLogger(PaymentSchema.class);
  private static final int MAX_DOUBLINGS = 4;

  private final PaymentSettings.Database database;
  private final CountDownLatch ready = new CountDownLatch(1);
  private @Nullable Thread migration;

  @Inject
  PaymentSchema(PaymentSettings settings) {
    this.database = settings.database();
  }

  boolean isReady() {
    return ready.getCount() == 0;
  }

  /** Waits for the tables, as a call that comes early would wait for a connection. */
  boolean awaitReady(Duration limit) {
    try {
      return ready.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * On a thread of its own: Flyway takes a second of a processor before it even asks the database.
   */
  void start(@Observes StartupEvent event) {
    migration = Thread.ofPlatform().daemon().name("payment-schema").start(this::migrateUntilDone);
  }

  void stop(@Observes ShutdownEvent event) {
    if (migration != null) {
      migration.interrupt();
    }
  }

  void migrate() {
    migrate(flyway());
  }

  private void migrate(Flyway flyway) {
    flyway.migrate();
    ready.countDown();
  }

  /** Not over the pool: its connections give up after seconds, and a migration may take minutes. */
  private Flyway flyway() {
    return Flyway.configure(PaymentSchema.class.getClassLoader())
        .dataSource(database.url(), database.username(), database.password())
        .jdbcProperties(
            Map.of(
                "ApplicationName", "tandem-payment-schema",
                "connectTimeout", "2",
                "loginTimeout", "5",
                "socketTimeout", "600",
                "tcpKeepAlive", "true"))
        // An index that is made CONCURRENTLY waits for every transaction, Flyway's own lock among
        // them.
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .load();
  }

  private void migrateUntilDone() {
    try {
      Flyway flyway = flyway();
      for (int attempt = 0; !isReady(); attempt++) {
        try {
          migrate(flyway);
          LOG.info("The database is reachable, its tables are up to date");
        } catch (FlywayException e) {
          Duration pause = database.retry().multipliedBy(1L << Math.min(attempt, MAX_DOUBLINGS));
          LOG.warnf(
              "Not ready, trying again in %d ms: %s", pause.toMillis(), rootCause(e).toString());
          Thread.sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Throwable rootCause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
