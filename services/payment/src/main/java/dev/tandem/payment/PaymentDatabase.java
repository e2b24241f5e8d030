package dev.tandem.payment;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tandem.telemetry.TelemetrySettings;
import dev.tandem.telemetry.TelemetrySettings.Export;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The pool of connections. It does not wait for the first one, so that the service starts without
 * its database.
 */
@Singleton
final class PaymentDatabase {

  /**
   * So many are open before the service is ready, and stay open: the pool opens one after the
   * other, and on a busy machine each takes a new process of the server's and a proof of the
   * password, a second in all. Calls that arrive together would wait for them until they give up.
   */
  private static final int KEPT_WHEN_IDLE = 4;

  private static final Duration IDLE_LIMIT = Duration.ofMinutes(2);
  private static final Duration LEAST_PATIENCE = Duration.ofMillis(250);

  @Produces
  @Singleton
  @Typed(HikariDataSource.class)
  HikariDataSource pool(PaymentSettings settings) {
    PaymentSettings.Database database = settings.database();
    HikariConfig config = new HikariConfig();
    config.setPoolName("payments");
    config.setJdbcUrl(database.url());
    config.setUsername(database.username());
    config.setPassword(database.password());
    // PostgreSQL's own. Left out, the pool asks its first connection, and when that takes longer
    // than the patience with an idle one it goes
    // on with -1, which no later connection accepts: a start on a busy machine never got one.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setMaximumPoolSize(database.connections());
    config.setMinimumIdle(keptConnections(database));
    config.setIdleTimeout(IDLE_LIMIT.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(database.connectionTimeout().toMillis());
    config.setValidationTimeout(patienceWithAnIdleConnection(database).toMillis());
    config.addDataSourceProperty("ApplicationName", "tandem-payment");
    config.addDataSourceProperty("connectTimeout", seconds(database.connectionTimeout()));
    config.addDataSourceProperty("socketTimeout", seconds(database.statementTimeout()));
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  /** What the service uses: each statement is a span, where spans go anywhere. */
  @Produces
  @Singleton
  DataSource traced(HikariDataSource pool, TelemetrySettings settings, OpenTelemetry telemetry) {
    return settings.export() == Export.NONE ? pool : JdbcTelemetry.create(telemetry).wrap(pool);
  }

  /** How many connections the pool keeps open, as long as the database is there. */
  static int keptConnections(PaymentSettings.Database database) {
    return Math.min(KEPT_WHEN_IDLE, database.connections());
  }

  /**
   * An idle connection is tried before it is used, and given up when it does not answer within
   * this, or the pool's least: half of what a call waits for one. A server that is only late would
   * lose all of them, and have to open new ones when it can least afford it.
   */
  private static Duration patienceWithAnIdleConnection(PaymentSettings.Database database) {
    Duration half = database.connectionTimeout().dividedBy(2);
    return half.compareTo(LEAST_PATIENCE) > 0 ? half : LEAST_PATIENCE;
  }

  void close(@Disposes HikariDataSource pool) {
    pool.close();
  }

  /** The driver counts in whole seconds, and takes zero for "for ever". */
  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }
}
