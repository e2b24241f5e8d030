package dev.tandem.versioning;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The settings of versioning; TANDEM_VERSIONING_LIFECYCLE and so on in the environment. */
@ConfigMapping(prefix = "tandem.versioning")
public interface VersioningSettings {

  /**
   * The lifecycle file, read again whenever it changes. Without it, the one that is packaged with
   * the contracts.
   */
  Optional<Path> lifecycle();

  /** The most callers that the metric names; further ones are counted together as "other". */
  @WithDefault("100")
  int namedCallers();
}
