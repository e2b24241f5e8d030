package dev.tandem.payment;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL that can be stopped and started again with its data, on the same port. */
final class TestDatabase implements AutoCloseable {

  /** Held, or the level is lost with the logger. */
  private static final Logger TOO_TALKATIVE = Logger.getLogger("io.zonky.test");

  static {
    TOO_TALKATIVE.setLevel(Level.WARNING);
  }

  private final Path data;
  private final int port;
  private @Nullable EmbeddedPostgres server;

  TestDatabase() throws IOException {
    data = Files.createTempDirectory("tandem-payment-database");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  TestDatabase start() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .start();
    return this;
  }

  void stop() throws IOException {
    Objects.requireNonNull(server, "the database runs").close();
    server = null;
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      stop();
    }
  }
}
