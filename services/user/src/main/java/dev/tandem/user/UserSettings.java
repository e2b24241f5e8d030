package dev.tandem.user;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the user service; the environment variables are TANDEM_USER_DIRECTORY,
 * TANDEM_USER_HEARTBEAT and TANDEM_USER_NEWEST_VERSION.
 */
@ConfigMapping(prefix = "tandem.user")
public interface UserSettings {

  /** The key by which Quarkus decides whether version 2 is there. */
  String NEWEST_VERSION = "tandem.user.newest-version";

  String V1 = "v1";
  String V2 = "v2";

  /**
   * The JSON file that holds the users, read again whenever it changes. Without it, a few bundled
   * users are served.
   */
  Optional<Path> directory();

  /** How often a watched user who does not change is sent again. */
  @WithDefault("10s")
  Duration heartbeat();

  /**
   * The newest version of the contract that is served: {@code v1} is the old server, {@code v2}
   * serves v1 and v2.
   */
  @WithDefault(V2)
  String newestVersion();
}
