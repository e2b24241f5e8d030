package dev.tandem.user;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;

/** Ends the start when a setting cannot be followed. */
@Singleton
final class SettingsCheck {

  private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(10);
  private static final Duration LONGEST_HEARTBEAT = Duration.ofDays(1);

  private final UserSettings settings;

  @Inject
  SettingsCheck(UserSettings settings) {
    this.settings = settings;
  }

  void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    // A word misspelt would silently take version 2 away, because Quarkus only compares the texts.
    if (!List.of(UserSettings.V1, UserSettings.V2).contains(settings.newestVersion())) {
      throw new IllegalStateException(
          "%s is \"%s\": write %s for the old server, or %s, which serves %s too"
              .formatted(
                  UserSettings.NEWEST_VERSION,
                  settings.newestVersion(),
                  UserSettings.V1,
                  UserSettings.V2,
                  UserSettings.V1));
    }
    if (settings.heartbeat().compareTo(SHORTEST_HEARTBEAT) < 0
        || settings.heartbeat().compareTo(LONGEST_HEARTBEAT) > 0) {
      throw new IllegalStateException(
          "tandem.user.heartbeat is %s: write a duration from 10ms to 24h, such as 10s"
              .formatted(settings.heartbeat()));
    }
  }
}
