package dev.tandem.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
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
      // One try each was enough, and none of them failed or was made twice.
      assertThat(triedMigrations(url)).containsExactlyElementsOf(migrations());
    }
  }

  /** The versions of the files, in the order in which Flyway applies them. */
  private static List<String> migrations() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      return files
          .map(file -> file.getFileName().toString())
          .map(name -> name.substring(1, name.indexOf("__")))
          .sorted(Comparator.comparing(Integer::valueOf))
          .toList();
    }
  }

  private static List<String> triedMigrations(String url) throws Exception {
    List<String> versions = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT version FROM flyway_schema_history ORDER BY installed_rank")) {
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
