package dev.tandem.transport;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * Where this server runs and what it runs, as its deployment says. The environment variables
 * TANDEM_CLUSTER, TANDEM_POD and TANDEM_VERSION set it; the defaults are those of a laptop.
 */
@ConfigMapping(prefix = "tandem")
public interface ServerIdentity {

  /** The cluster's name in the topology. */
  @WithDefault("local")
  String cluster();

  /** The pod's name. */
  @WithDefault("${hostname:local}")
  String pod();

  /** The release that runs: the image's tag. */
  @WithDefault("${quarkus.application.version:unknown}")
  String version();
}
