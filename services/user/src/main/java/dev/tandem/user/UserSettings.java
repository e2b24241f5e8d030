package dev.tandem.user;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the user service; the environment variables are TANDEM_USER_DIRECTORY and
 * TANDEM_USER_HEARTBEAT.
 */
@ConfigMapping(prefix = "tandem.user")
public interface UserSettings {

  /**
   * The JSON file that holds the users, read again whenever it changes. Without it, a few bundled
   * users are served.
   */
  Optional<Path> directory();

  /** How often a watched user who does not change is sent again. */
  @WithDefault("10s")
  Duration heartbeat();
}
