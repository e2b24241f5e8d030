package dev.tandem.payment;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the payment service needs around it: PostgreSQL behind a wire that can fail, and a user
 * service.
 */
public class Surroundings implements QuarkusTestResourceLifecycleManager {

  private static final String USERS = "tandem.resilience.targets.\"tandem.user.v1.UserService\".";

  private static @Nullable TestDatabase database;
  private static @Nullable Wire wire;
  private static @Nullable TestUsers users;

  static TestDatabase database() {
    return Objects.requireNonNull(database);
  }

  static Wire wire() {
    return Objects.requireNonNull(wire);
  }

  static TestUsers users() {
    return Objects.requireNonNull(users);
  }

  /** The same, except that the database does not run yet when the service starts. */
  public static final class WithoutDatabase extends Surroundings {
    @Override
    boolean startsTheDatabase() {
      return false;
    }
  }

  /** The same, except that the user service's circuit breaker opens after a few failures. */
  public static final class WithTouchyBreaker extends Surroundings {
    @Override
    public Map<String, String> start() {
      Map<String, String> config = super.start();
      config.put(USERS + "breaker.window", "4");
      config.put(USERS + "breaker.open-for", "1s");
      return config;
    }
  }

  boolean startsTheDatabase() {
    return true;
  }

  @Override
  public Map<String, String> start() {
    try {
      TestDatabase postgres = new TestDatabase();
      if (startsTheDatabase()) {
        postgres.start();
      }
      Wire toPostgres = new Wire(postgres.port());
      TestUsers userService = new TestUsers();
      database = postgres;
      wire = toPostgres;
      users = userService;
      Map<String, String> config = new HashMap<>();
      config.put(
          "tandem.payment.database.url",
          "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=disable".formatted(toPostgres.port()));
      config.put("tandem.payment.database.username", "postgres");
      config.put("tandem.payment.database.password", "postgres");
      config.put("tandem.transport.channels.user.target", "127.0.0.1:" + userService.port());
      config.put("tandem.lifecycle.startup-patience", "2s");
      config.put(USERS + "deadline", "2s");
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    users().close();
    wire().close();
    try {
      database().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
