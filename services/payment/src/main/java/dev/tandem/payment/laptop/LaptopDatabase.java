package dev.tandem.payment.laptop;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL that lives as long as dev mode does; its payments outlive a reload. */
@Singleton
@IfBuildProfile("dev")
final class LaptopDatabase {

  private static final Logger LOG = Logger.getLogger(LaptopDatabase.class);
  private static final int BEFORE_EVERYTHING_ELSE = 1;

  private final int port;
  private @Nullable EmbeddedPostgres database;

  @Inject
  LaptopDatabase(@ConfigProperty(name = "laptop.database-port") int port) {
    this.port = port;
  }

  void start(@Observes @Priority(BEFORE_EVERYTHING_ELSE) StartupEvent event) throws IOException {
    Path data = Path.of(System.getProperty("java.io.tmpdir"), "tandem-laptop-database-" + port);
    database =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .start();
    LOG.infof("PostgreSQL on port %d keeps its data in %s", port, data);
  }

  void stop(@Observes ShutdownEvent event) throws IOException {
    if (database != null) {
      database.close();
    }
  }
}
