package dev.tandem.telemetry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Where this service runs and what it runs; the charts set it by TANDEM_CLUSTER and the like. */
@ConfigMapping(prefix = "tandem")
public interface InstanceSettings {

  /** The cluster's name in the topology. */
  @WithDefault("local")
  String cluster();

  /** The cluster's region. */
  Optional<String> region();

  /** The cluster's zone. */
  Optional<String> zone();

  /** The pod's namespace. */
  Optional<String> namespace();

  /** The pod's name. */
  @WithDefault("${hostname:local}")
  String pod();

  /** The release that runs: the image's tag. */
  @WithDefault("${quarkus.application.version:unknown}")
  String version();
}
