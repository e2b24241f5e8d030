package dev.tandem.payment;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;

/** The database did not do what it was to be asked. */
abstract sealed class LedgerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * Classes of SQLSTATE that speak of the database's condition, not of the statement: connection
   * exception, invalid authorization (a password that is being changed), transaction rollback,
   * insufficient resources, operator intervention, system error. Source: PostgreSQL's
   * documentation, appendix A.
   */
  private static final Set<String> OUT_OF_ORDER = Set.of("08", "28", "40", "53", "57", "58");

  /** What a standby answers to a write, until it has become the primary. */
  private static final String READ_ONLY = "25006";

  private LedgerException(String message, SQLException cause) {
    super(message, cause);
  }

  private LedgerException(String message) {
    super(message);
  }

  /** The database cannot be reached or cannot work now. A later try may succeed. */
  static final class Unavailable extends LedgerException {

    private static final long serialVersionUID = 1;

    Unavailable(SQLException cause) {
      super("the database cannot be reached", cause);
    }

    Unavailable(String message) {
      super(message);
    }
  }

  /** The caller gave up while its call waited for a connection: the database was not asked. */
  static final class Abandoned extends LedgerException {

    private static final long serialVersionUID = 1;

    Abandoned() {
      super("the caller is gone");
    }
  }

  /** The database refused the statement: a defect of this service. */
  static final class Refused extends LedgerException {

    private static final long serialVersionUID = 1;

    Refused(SQLException cause) {
      super("the database refused a statement", cause);
    }
  }

  static LedgerException of(SQLException cause) {
    String state = Objects.requireNonNullElse(cause.getSQLState(), "");
    boolean outOfOrder =
        state.equals(READ_ONLY)
            || (state.length() == 5 && OUT_OF_ORDER.contains(state.substring(0, 2)));
    return outOfOrder ? new Unavailable(cause) : new Refused(cause);
  }
}
