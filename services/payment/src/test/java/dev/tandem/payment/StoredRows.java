package dev.tandem.payment;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the database really holds, past the service. */
final class StoredRows {

  private StoredRows() {}

  static int underKey(String idempotencyKey) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(Surroundings.database().port()),
                "postgres",
                "postgres");
        PreparedStatement count =
            connection.prepareStatement("SELECT count(*) FROM payment WHERE idempotency_key = ?")) {
      count.setString(1, idempotencyKey);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
