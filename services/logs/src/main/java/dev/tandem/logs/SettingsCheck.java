package dev.tandem.logs;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;

/** Ends the start when a setting cannot be followed. */
@Singleton
final class SettingsCheck {

  private static final long LEAST_BYTES = 16L << 20;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final LogSettings settings;

  @Inject
  SettingsCheck(LogSettings settings) {
    this.settings = settings;
  }

  void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    inRange("kafka.retry", settings.kafka().retry(), SHORTEST_PAUSE);
    inRange("index.commit", settings.index().commit(), SHORTEST_PAUSE);
    inRange("index.keep", settings.index().keep(), Duration.ofMinutes(1));
    for (String broker : settings.kafka().brokers()) {
      if (!broker.matches("[^:\\s]+:[0-9]{1,5}")) {
        throw new IllegalStateException(
            "tandem.logs.kafka.brokers has \"%s\": write host:port, such as kafka:9092"
                .formatted(broker));
      }
    }
    if (settings.index().limit().asLongValue() < LEAST_BYTES) {
      throw new IllegalStateException(
          "tandem.logs.index.limit is %d bytes: write 16M or more"
              .formatted(settings.index().limit().asLongValue()));
    }
  }

  private static void inRange(String key, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalStateException(
          "tandem.logs.%s is %s: write a duration from %s to %s"
              .formatted(key, value, least, LONGEST));
    }
  }
}
