package dev.tandem.user;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Stops a server that was told of a version that does not exist: a word misspelt would silently
 * take version 2 away, because Quarkus only compares the texts.
 */
@Singleton
final class ServedVersions {

  private final UserSettings settings;

  @Inject
  ServedVersions(UserSettings settings) {
    this.settings = settings;
  }

  void require(@Observes StartupEvent event) {
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
  }
}
