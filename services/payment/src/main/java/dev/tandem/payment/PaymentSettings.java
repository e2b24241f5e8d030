package dev.tandem.payment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * The settings of the payment service. The user service's address is set by
 * tandem.transport.channels.user.target.
 */
@ConfigMapping(prefix = "tandem.payment")
public interface PaymentSettings {

  /**
   * How old a user's name may be that is taken from an earlier payment while the user service
   * cannot be reached; zero: none is taken.
   */
  @WithDefault("24h")
  Duration nameAge();

  /**
   * The version of the user service's contract that is called. Payments move to the next one when
   * every user service has it, and before the old one is retired.
   */
  @WithDefault("v1")
  UserVersion userVersion();

  /** The database that keeps the payments. */
  Database database();

  /** Versions of the user service's contract: {@code tandem.user.<version>}. */
  enum UserVersion {
    /** tandem.user.v1. */
    V1,
    /** tandem.user.v2. */
    V2
  }

  /** Where the database is and how patient its callers are. */
  interface Database {

    /**
     * A JDBC URL of PostgreSQL. The sidecar encrypts, so {@code sslmode=disable} belongs to it in a
     * mesh.
     */
    String url();

    /** The role that owns the tables. */
    String username();

    /** Its password. */
    String password();

    /** How many statements may run at once; each takes a connection. */
    @WithDefault("10")
    int connections();

    /**
     * How long a statement waits for a connection, at least 250 ms. The mesh asks another replica
     * after 500 ms and a caller waits 5 s at most: what cannot succeed must have failed on every
     * replica before that, or the caller learns nothing. Where a busy machine stands still for a
     * second or two, as it does when others' processes start on it, a connection comes just after.
     */
    @WithDefault("2s")
    Duration connectionTimeout();

    /**
     * How long a statement waits for the server, in whole seconds. One that waits longer costs the
     * pool its connection: a server that is only late would lose all of them at once, and new ones
     * are what it can least afford. So not much less than what a caller waits.
     */
    @WithDefault("4s")
    Duration statementTimeout();

    /**
     * How long to wait after the first failed try to reach the database at start; doubled up to 16
     * times.
     */
    @WithDefault("250ms")
    Duration retry();
  }
}
