package dev.tandem.payment;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The payments in PostgreSQL. Each method is one statement and so one transaction; none leaves a
 * trace when it throws, except an {@link #insert} whose answer was lost: its key then finds the
 * payment. Nothing is asked for a call that is over by the time it has a connection.
 */
@Singleton
final class PaymentLedger {

  private static final String COLUMNS =
      "payment_id, idempotency_key, user_id, user_name, user_name_as_of, amount_minor,"
          + " currency_code, create_time, further_fields";

  private static final int REHEARSALS = 10;

  private final DataSource database;
  private final PaymentSchema schema;
  private final Duration patience;
  private final Duration nameAge;
  private final int keptConnections;

  @Inject
  PaymentLedger(DataSource database, PaymentSchema schema, PaymentSettings settings) {
    this.database = database;
    this.schema = schema;
    this.patience = settings.database().connectionTimeout();
    this.nameAge = settings.nameAge();
    this.keptConnections = PaymentDatabase.keptConnections(settings.database());
  }

  Optional<StoredPayment> find(UUID paymentId) {
    return one(
        "SELECT " + COLUMNS + " FROM payment WHERE payment_id = ?",
        select -> select.setObject(1, paymentId));
  }

  Optional<StoredPayment> findByKey(String idempotencyKey) {
    return one(
        "SELECT " + COLUMNS + " FROM payment WHERE idempotency_key = ?",
        select -> select.setString(1, idempotencyKey));
  }

  /**
   * Stores a payment unless its key is taken; a call that races with another waits here until that
   * one is decided.
   *
   * @return the payment, or nothing when the key is taken
   */
  Optional<StoredPayment> insert(Charge charge, UserName userName) {
    return one(
        "INSERT INTO payment (idempotency_key, user_id, user_name, user_name_as_of, amount_minor,"
            + " currency_code, further_fields) VALUES (?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (idempotency_key) DO NOTHING RETURNING "
            + COLUMNS,
        insert -> {
          insert.setString(1, charge.idempotencyKey());
          insert.setString(2, charge.userId());
          insert.setString(3, userName.name());
          insert.setObject(
              4, userName.asOf().map(asOf -> asOf.atOffset(ZoneOffset.UTC)).orElse(null));
          insert.setLong(5, charge.amountMinor());
          insert.setString(6, charge.currencyCode());
          insert.setBytes(7, charge.furtherFields().bytes().toByteArray());
        });
  }

  /**
   * The user's name as the user service gave it for the latest payment for which it was asked; a
   * name that was itself taken from an earlier payment does not count, or it would never grow old.
   *
   * @return nothing when that payment is older than tandem.payment.name-age, or when there is none
   */
  Optional<UserName> latestName(String userId) {
    return one(
            "SELECT "
                + COLUMNS
                + " FROM payment WHERE user_id = ? AND user_name_as_of IS NULL"
                // The database's clock wrote create_time.
                + " AND create_time > now() - make_interval(secs => ?)"
                + " ORDER BY create_time DESC LIMIT 1",
            select -> {
              select.setString(1, userId);
              select.setDouble(2, nameAge.toMillis() / 1000.0);
            })
        .map(payment -> new UserName(payment.userName().name(), Optional.of(payment.createTime())));
  }

  /**
   * Asks whatever can be asked without storing anything, until it is no longer the first time for
   * anything: whoever is first waits longest.
   */
  void rehearse() {
    openConnections();
    for (int round = 0; round < REHEARSALS; round++) {
      find(new UUID(0, 0));
      findByKey("");
      latestName("");
    }
  }

  /** What is open stays in the pool, also when the next one does not open in time. */
  private void openConnections() {
    awaitSchema();
    List<Connection> open = new ArrayList<>();
    try {
      while (open.size() < keptConnections) {
        open.add(connect());
      }
    } finally {
      open.forEach(PaymentLedger::giveBack);
    }
  }

  private static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw LedgerException.of(e);
    }
  }

  private void awaitSchema() {
    if (!schema.awaitReady(patience)) {
      throw new LedgerException.Unavailable("the database has not been reached since the start");
    }
  }

  private Optional<StoredPayment> one(String sql, Parameters parameters) {
    awaitSchema();
    try (Connection connection = connect()) {
      // On a busy day calls wait here until their callers have asked elsewhere. Were all of them
      // carried out, those that somebody waits for would wait for those that nobody does.
      if (Context.current().isCancelled()) {
        throw new LedgerException.Abandoned();
      }
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        parameters.set(statement);
        try (ResultSet row = statement.executeQuery()) {
          return row.next() ? Optional.of(read(row)) : Optional.empty();
        }
      }
    } catch (SQLException e) {
      throw LedgerException.of(e);
    }
  }

  private Connection connect() {
    try {
      return database.getConnection();
    } catch (SQLException e) {
      // The pool's own errors (its patience ran out) have no SQLSTATE.
      throw new LedgerException.Unavailable(e);
    }
  }

  private static StoredPayment read(ResultSet row) throws SQLException {
    return new StoredPayment(
        row.getObject("payment_id", UUID.class),
        new Charge(
            row.getString("idempotency_key"),
            row.getString("user_id"),
            row.getLong("amount_minor"),
            row.getString("currency_code"),
            new FurtherFields(ByteString.copyFrom(row.getBytes("further_fields")))),
        new UserName(
            row.getString("user_name"),
            Optional.ofNullable(row.getObject("user_name_as_of", OffsetDateTime.class))
                .map(OffsetDateTime::toInstant)),
        row.getObject("create_time", OffsetDateTime.class).toInstant());
  }

  @FunctionalInterface
  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }
}
