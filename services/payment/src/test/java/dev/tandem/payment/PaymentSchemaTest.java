package dev.tandem.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PaymentSchemaTest {

  @Test
  void replicasThatStartAtOnceMigrateOnce() throws Exception {
    try (TestDatabase database = new TestDatabase().start();
        ExecutorService replicas = Executors.newVirtualThreadPerTaskExecutor()) {
      String url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(database.port());
      CyclicBarrier start = new CyclicBarrier(4);
      List<Future<Boolean>> ready = new ArrayList<>();
      for (int replica = 0; replica < 4; replica++) {
        PaymentSchema schema = new PaymentSchema(settings(url));
        ready.add(
            replicas.submit(
                () -> {
                  start.await();
                  schema.migrate();
                  return schema.isReady();
                }));
      }

      for (Future<Boolean> replica : ready) {
        assertThat(replica.get()).isTrue();
      }
      assertThat(appliedMigrations(url)).isNotEmpty().doesNotHaveDuplicates();
    }
  }

  private static List<String> appliedMigrations(String url) throws Exception {
    List<String> versions = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT version FROM flyway_schema_history WHERE success")) {
      while (row.next()) {
        versions.add(row.getString(1));
      }
    }
    return versions;
  }

  private static PaymentSettings settings(String url) {
    return new SmallRyeConfigBuilder()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(PaymentSettings.class)
        .withDefaultValue("tandem.payment.database.url", url)
        .withDefaultValue("tandem.payment.database.username", "postgres")
        .withDefaultValue("tandem.payment.database.password", "postgres")
        .build()
        .getConfigMapping(PaymentSettings.class);
  }
}
