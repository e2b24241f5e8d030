package dev.tandem.ratelimit;

import io.github.bucket4j.TimeMeter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in a table of PostgreSQL's. One statement takes a token, under the row's lock and by the
 * database's clock, so that replicas' clocks do not matter.
 *
 * <p>A row holds the time at which its bucket is full again. A token puts that off by the time that
 * one token takes to come; there is none while it would be put off further than an empty bucket
 * takes to fill. (GCRA, the token bucket with one number for its state; ITU-T I.371, annex A.)
 *
 * <p>A store that fails or is slow is left alone for a while, so that its outage costs calls no
 * time.
 */
final class PostgresqlBuckets implements SharedBuckets {

  private static final Logger LOG = Logger.getLogger(PostgresqlBuckets.class);

  private static final String CREATE_TABLE =
      "CREATE TABLE IF NOT EXISTS tandem_ratelimit (id TEXT PRIMARY KEY, full_at BIGINT NOT NULL)";

  /** unique_violation and duplicate_table: another replica was faster. */
  private static final Set<String> EXISTS_ALREADY = Set.of("23505", "42P07");

  /** Nanoseconds since 1970; not now(), which is when the transaction began. */
  private static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000000000)::bigint";

  /** Parameters: id, nanoseconds for a token, the same, the same, nanoseconds for a burst. */
  private static final String TAKE =
      """
      INSERT INTO tandem_ratelimit AS bucket (id, full_at) VALUES (?, NOW + ?)
      ON CONFLICT (id) DO UPDATE SET full_at = greatest(bucket.full_at, NOW) + ?
      WHERE greatest(bucket.full_at, NOW) + ? <= NOW + ?
      """
          .replace("NOW", NOW);

  /** Parameters: nanoseconds for a token less those for a burst, id. */
  private static final String WAIT =
      "SELECT full_at + ? - NOW FROM tandem_ratelimit WHERE id = ?".replace("NOW", NOW);

  /** Parameter: the most rows. A full bucket is like one that was never used. */
  private static final String FORGET =
      """
      DELETE FROM tandem_ratelimit WHERE id IN (
        SELECT id FROM tandem_ratelimit WHERE full_at <= NOW LIMIT ? FOR UPDATE SKIP LOCKED)
      """
          .replace("NOW", NOW);

  private static final Duration CLEANING = Duration.ofSeconds(10);
  private static final int FORGOTTEN_AT_ONCE = 1000;

  private final DataSource database;
  private final Duration timeout;
  private final Duration retry;
  private final TimeMeter time;
  private final Semaphore connections;

  private final ExecutorService statements =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ratelimit-store-", 0).factory());
  private final ScheduledExecutorService cleaner =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ratelimit-cleaner").factory());

  private volatile boolean tableExists;
  private volatile long restUntil = Long.MIN_VALUE;

  /**
   * @param time for leaving the store alone; the buckets have the database's
   */
  PostgresqlBuckets(DataSource database, RateLimitSettings.Store settings, TimeMeter time) {
    this.database = database;
    this.timeout = settings.timeout();
    this.retry = settings.retry();
    this.time = time;
    this.connections = new Semaphore(settings.connections());
  }

  static PostgresqlBuckets open(DataSource database, RateLimitSettings.Store settings) {
    PostgresqlBuckets buckets = new PostgresqlBuckets(database, settings, new MonotonicTime());
    long period = CLEANING.toNanos();
    var _ =
        buckets.cleaner.scheduleWithFixedDelay(
            buckets::forgetFull, period, period, TimeUnit.NANOSECONDS);
    return buckets;
  }

  @Override
  public Optional<Decision> take(String key, Limit limit) {
    if (time.currentTimeNanos() < restUntil) {
      return Optional.empty();
    }
    try {
      Future<Decision> asking = statements.submit(() -> takeWithinConnections(key, limit));
      return Optional.of(asking.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      // It runs on until the database answers or its driver gives up, and holds its connection.
      leaveAlone("it did not answer within " + timeout, null);
    } catch (ExecutionException e) {
      leaveAlone(String.valueOf(e.getCause()), e.getCause());
    } catch (RejectedExecutionException _) {
      LOG.debug("The service stops: the limits' store is closed");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private Decision takeWithinConnections(String key, Limit limit)
      throws SQLException, InterruptedException {
    connections.acquire();
    try (Connection connection = database.getConnection()) {
      ensureTable(connection);
      // The limit is part of the name: a time to be full means nothing under another limit.
      return take(connection, key + " " + limit, limit);
    } finally {
      connections.release();
    }
  }

  private static Decision take(Connection connection, String id, Limit limit) throws SQLException {
    // Rounded up, so that never more than the limit passes.
    long token = Math.ceilDiv(limit.per().toNanos(), limit.calls());
    long burst = Math.multiplyExact(token, limit.burst());
    try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
      statement.setString(1, id);
      statement.setLong(2, token);
      statement.setLong(3, token);
      statement.setLong(4, token);
      statement.setLong(5, burst);
      if (statement.executeUpdate() == 1) {
        return new Decision.Admitted();
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(WAIT)) {
      statement.setLong(1, token - burst);
      statement.setString(2, id);
      try (ResultSet wait = statement.executeQuery()) {
        return new Decision.Refused(
            limit, Duration.ofNanos(wait.next() ? Math.clamp(wait.getLong(1), 1, token) : token));
      }
    }
  }

  private void ensureTable(Connection connection) throws SQLException {
    if (tableExists) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE_TABLE);
    } catch (SQLException e) {
      if (!EXISTS_ALREADY.contains(e.getSQLState())) {
        throw e;
      }
    }
    tableExists = true;
  }

  private void leaveAlone(String reason, @Nullable Throwable cause) {
    restUntil = time.currentTimeNanos() + retry.toNanos();
    LOG.warnf("The limits' store is left alone for %s: %s", retry, reason);
    LOG.debug("What happened to it", cause);
  }

  void forgetFull() {
    if (!tableExists) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(FORGET)) {
      statement.setInt(1, FORGOTTEN_AT_ONCE);
      int forgotten;
      do {
        forgotten = statement.executeUpdate();
      } while (forgotten == FORGOTTEN_AT_ONCE);
    } catch (SQLException e) {
      LOG.debugf("Full buckets stay for now: %s", e.getMessage());
    }
  }

  @Override
  public void close() {
    cleaner.shutdownNow();
    statements.shutdownNow();
  }
}
