package dev.tandem.payment;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What the database really holds, past the service. */
final class StoredRows {

  private StoredRows() {}

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(Surroundings.database().port()),
        "postgres",
        "postgres");
  }

  /** Has a payment be made so many hours earlier than it was. */
  static void age(String idempotencyKey, int hours) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE payment SET create_time = create_time - make_interval(hours => ?)"
                    + " WHERE idempotency_key = ?")) {
      update.setInt(1, hours);
      update.setString(2, idempotencyKey);
      update.executeUpdate();
    }
  }

  static int underKey(String idempotencyKey) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement count =
            connection.prepareStatement("SELECT count(*) FROM payment WHERE idempotency_key = ?")) {
      count.setString(1, idempotencyKey);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** The latest statement of each connection of the service's pool. */
  static List<String> latestStatements() throws SQLException {
    List<String> statements = new ArrayList<>();
    try (Connection connection = connect();
        Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery(
                "SELECT query FROM pg_stat_activity WHERE application_name = 'tandem-payment'")) {
      while (row.next()) {
        statements.add(row.getString(1));
      }
    }
    return statements;
  }
}
