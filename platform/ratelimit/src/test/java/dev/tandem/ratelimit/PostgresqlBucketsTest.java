package dev.tandem.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresqlBucketsTest {

  /** So slow that nothing comes back by itself while a test runs. */
  private static final Limit LIMIT = Limit.of("10/h burst 20");

  private static final Duration ONE_TOKEN = Duration.ofMinutes(6);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static EmbeddedPostgres server;

  private final ManualTime time = new ManualTime();
  private final List<PostgresqlBuckets> replicas = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    execute("DROP TABLE IF EXISTS tandem_ratelimit");
  }

  @AfterEach
  void end() {
    replicas.forEach(PostgresqlBuckets::close);
  }

  @Test
  void areOneForAllReplicas() throws Exception {
    PostgresqlBuckets one = replica();
    PostgresqlBuckets other = replica();

    assertThat(admittedOf(15, one)).isEqualTo(15);
    assertThat(admittedOf(15, other)).isEqualTo(5);
    pass(ONE_TOKEN);
    assertThat(admittedOf(15, one) + admittedOf(15, other)).isEqualTo(1);
  }

  @Test
  void sayWhenTheNextTokenComes() throws Exception {
    PostgresqlBuckets replica = replica();
    admittedOf(20, replica);
    pass(ONE_TOKEN.dividedBy(3));

    Decision.Refused refused = (Decision.Refused) replica.take("ada", LIMIT).orElseThrow();

    assertThat(refused.limit()).isEqualTo(LIMIT);
    assertThat(refused.retryAfter())
        .isPositive()
        .isLessThanOrEqualTo(ONE_TOKEN.dividedBy(3).multipliedBy(2));
    pass(refused.retryAfter());
    assertThat(admittedOf(5, replica)).isEqualTo(1);
  }

  @Test
  void refillNoHigherThanTheirBurst() throws Exception {
    PostgresqlBuckets replica = replica();
    admittedOf(20, replica);
    pass(Duration.ofDays(10_000));

    assertThat(admittedOf(100, replica)).isEqualTo(20);
  }

  @Test
  void countEachCallerAlone() {
    PostgresqlBuckets replica = replica();
    admittedOf(20, replica);

    assertThat(replica.take("grace", LIMIT)).contains(new Decision.Admitted());
  }

  @Test
  void passNoMoreThanAllowedToReplicasAtTheSameTime() throws Exception {
    int admitted = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        PostgresqlBuckets replica = replica();
        results.add(threads.submit(() -> admittedOf(20, replica)));
        results.add(threads.submit(() -> admittedOf(20, replica)));
      }
      for (Future<Integer> result : results) {
        admitted += result.get();
      }
    }
    assertThat(admitted).isEqualTo(20);
  }

  @Test
  void sayNothingWhileTheStoreIsSilentAndLeaveItAlone() throws Exception {
    PostgresqlBuckets replica =
        replica(server.getPostgresDatabase(), settings(Duration.ofMillis(300)));
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("CREATE TABLE tandem_ratelimit (id TEXT PRIMARY KEY, full_at BIGINT)");
      statement.execute("LOCK TABLE tandem_ratelimit IN ACCESS EXCLUSIVE MODE");
      assertThat(replica.take("ada", LIMIT)).isEmpty();
      connection.rollback();
    }
    assertThat(replica.take("ada", LIMIT)).as("it could answer again").isEmpty();

    time.pass(Duration.ofSeconds(1));

    await()
        .untilAsserted(
            () -> {
              time.pass(Duration.ofSeconds(1));
              assertThat(replica.take("ada", LIMIT)).isPresent();
            });
  }

  @Test
  void sayNothingWhileTheStoreIsDownAndAskAgainLater() {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl("jdbc:postgresql://127.0.0.1:1/postgres?user=postgres");
    PostgresqlBuckets replica = replica(database, settings(PATIENCE));

    assertThat(replica.take("ada", LIMIT)).isEmpty();
    database.setPortNumbers(new int[] {server.getPort()});
    assertThat(replica.take("ada", LIMIT)).as("left alone").isEmpty();
    time.pass(Duration.ofSeconds(1));

    assertThat(admittedOf(30, replica)).isEqualTo(20);
  }

  @Test
  void startAfreshWhenTheirLimitChanges() {
    PostgresqlBuckets replica = replica();
    assertThat(admittedOf(30, replica)).isEqualTo(20);

    assertThat(replica.take("ada", Limit.of("5/h"))).contains(new Decision.Admitted());
  }

  @Test
  void leaveTheTableWhenTheyAreFull() throws Exception {
    PostgresqlBuckets replica = replica();
    for (int i = 0; i < 10; i++) {
      replica.take("caller" + i, LIMIT);
    }
    execute("INSERT INTO tandem_ratelimit SELECT 'full' || n, 0 FROM generate_series(1, 2500) n");
    replica.forgetFull();
    assertThat(rows()).isEqualTo(10);

    pass(ONE_TOKEN);
    replica.forgetFull();

    assertThat(rows()).isZero();
  }

  private PostgresqlBuckets replica() {
    return replica(server.getPostgresDatabase(), settings(PATIENCE));
  }

  private PostgresqlBuckets replica(DataSource database, RateLimitSettings.Store settings) {
    PostgresqlBuckets replica = new PostgresqlBuckets(database, settings, time);
    replicas.add(replica);
    return replica;
  }

  /** Moves the buckets into the past, since nobody moves the database's clock. */
  private static void pass(Duration duration) throws SQLException {
    execute("UPDATE tandem_ratelimit SET full_at = full_at - %d".formatted(duration.toNanos()));
  }

  private static int admittedOf(int calls, PostgresqlBuckets replica) {
    int admitted = 0;
    for (int i = 0; i < calls; i++) {
      if (replica.take("ada", LIMIT).orElseThrow() instanceof Decision.Admitted) {
        admitted++;
      }
    }
    return admitted;
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int rows() throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM tandem_ratelimit")) {
      result.next();
      return result.getInt(1);
    }
  }

  private static RateLimitSettings.Store settings(Duration timeout) {
    return new RateLimitSettings.Store() {
      @Override
      public RateLimitSettings.StoreType type() {
        return RateLimitSettings.StoreType.POSTGRESQL;
      }

      @Override
      public Duration timeout() {
        return timeout;
      }

      @Override
      public Duration retry() {
        return Duration.ofSeconds(1);
      }

      @Override
      public int connections() {
        return 4;
      }
    };
  }
}
