package dev.tandem.logs;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings of the log service; TANDEM_LOGS_KAFKA_BROKERS and so on in the environment. */
@ConfigMapping(prefix = "tandem.logs")
public interface LogSettings {

  /** Where lines come from. */
  Kafka kafka();

  /** Where they are kept. */
  Index index();

  /** Where lines come from. */
  interface Kafka {

    /** Kafka's brokers, {@code host:port}; one that answers is enough to find the others. */
    @WithDefault("kafka:9092")
    List<String> brokers();

    /** The topic, each record of which is an ExportLogsServiceRequest of OTLP. */
    @WithDefault("logs")
    String topic();

    /** The longest pause before brokers that failed are asked again; the first is 100 ms. */
    @WithDefault("5s")
    Duration retry();
  }

  /** Where lines are kept. */
  interface Index {

    /** The folder of the index; made when it is not there. */
    @WithDefault("/var/lib/tandem-logs")
    Path folder();

    /** How old a line becomes. */
    @WithDefault("24h")
    Duration keep();

    /** What the index may take of the disk; the oldest lines go first. */
    @WithDefault("512M")
    MemorySize limit();

    /** How often what has come is written to the disk, and can be found from then on. */
    @WithDefault("1s")
    Duration commit();
  }
}
