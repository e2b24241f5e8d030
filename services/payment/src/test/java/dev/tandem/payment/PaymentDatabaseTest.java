package dev.tandem.payment;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PaymentDatabaseTest {

  @Test
  void aFirstConnectionThatIsSlowDoesNotSpoilThePool() throws IOException, SQLException {
    Driver slowAtFirst = new SlowAtFirst();
    DriverManager.registerDriver(slowAtFirst);
    try (TestDatabase server = new TestDatabase().start()) {
      PaymentDatabase database = new PaymentDatabase();
      HikariDataSource pool =
          database.pool(
              settings(SlowAtFirst.PREFIX + "://localhost:%d/postgres".formatted(server.port())));
      try (Connection connection = pool.getConnection()) {
        assertThat(connection.isValid(2)).isTrue();
        assertThat(connection.getTransactionIsolation())
            .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
      } finally {
        database.close(pool);
      }
    } finally {
      DriverManager.deregisterDriver(slowAtFirst);
    }
  }

  private static PaymentSettings settings(String url) {
    return new SmallRyeConfigBuilder()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withDefaultValue("tandem.payment.database.url", url)
        .withDefaultValue("tandem.payment.database.username", "postgres")
        .withDefaultValue("tandem.payment.database.password", "postgres")
        .withMapping(PaymentSettings.class)
        .build()
        .getConfigMapping(PaymentSettings.class);
  }

  /** PostgreSQL's driver on a busy machine: the first question is answered too late. */
  private static final class SlowAtFirst implements Driver {

    private static final String PREFIX = "jdbc:slowatfirst";

    private final AtomicBoolean first = new AtomicBoolean(true);

    @Override
    public @Nullable Connection connect(String url, Properties properties) throws SQLException {
      if (!acceptsURL(url)) {
        return null;
      }
      Connection connection =
          DriverManager.getConnection(
              "jdbc:postgresql" + url.substring(PREFIX.length()), properties);
      InvocationHandler slow =
          (_, method, arguments) -> {
            if (method.getName().equals("getTransactionIsolation") && first.getAndSet(false)) {
              throw new SQLTimeoutException("read timed out", "08006");
            }
            try {
              return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          };
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, slow);
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith(PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getLogger(PREFIX);
    }
  }
}
