package dev.tandem.logs;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Kafka that the service of a test reads. */
public final class RunningKafka implements QuarkusTestResourceLifecycleManager {

  private static @Nullable KafkaServer server;

  static KafkaServer server() {
    return Objects.requireNonNull(server);
  }

  @Override
  public Map<String, String> start() {
    try {
      KafkaServer started = KafkaServer.start();
      server = started;
      Path index = Files.createTempDirectory(Path.of("target/servers"), "index");
      return Map.of(
          "tandem.logs.kafka.brokers",
          started.address(),
          "tandem.logs.kafka.retry",
          "500ms",
          "tandem.logs.index.folder",
          index.toAbsolutePath().toString(),
          "tandem.logs.index.commit",
          "100ms");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    server().close();
  }
}
