package dev.tandem.payment;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The pool of connections. It does not wait for the first one, so that the service starts without
 * its database.
 */
@Singleton
final class PaymentDatabase {

  /** A call that comes after a quiet time finds one open. */
  private static final int KEPT_WHEN_IDLE = 1;

  private static final Duration IDLE_LIMIT = Duration.ofMinutes(2);

  /**
   * An idle connection is tried before it is used, and given up when it does not answer within
   * this: the pool's least, since the try of a call waits for it.
   */
  private static final Duration PATIENCE_WITH_AN_IDLE_CONNECTION = Duration.ofMillis(250);

  @Produces
  @Singleton
  DataSource pool(PaymentSettings settings) {
    PaymentSettings.Database database = settings.database();
    HikariConfig config = new HikariConfig();
    config.setPoolName("payments");
    config.setJdbcUrl(database.url());
    config.setUsername(database.username());
    config.setPassword(database.password());
    // PostgreSQL's own. Left out, the pool asks its first connection, and when that takes longer
    // than the patience above it goes
    // on with -1, which no later connection accepts: a start on a busy machine never got one.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setMaximumPoolSize(database.connections());
    config.setMinimumIdle(KEPT_WHEN_IDLE);
    config.setIdleTimeout(IDLE_LIMIT.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(database.connectionTimeout().toMillis());
    config.setValidationTimeout(PATIENCE_WITH_AN_IDLE_CONNECTION.toMillis());
    config.addDataSourceProperty("ApplicationName", "tandem-payment");
    config.addDataSourceProperty("connectTimeout", seconds(database.connectionTimeout()));
    config.addDataSourceProperty("socketTimeout", seconds(database.statementTimeout()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  void close(@Disposes DataSource pool) {
    ((HikariDataSource) pool).close();
  }

  /** The driver counts in whole seconds, and takes zero for "for ever". */
  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }
}
