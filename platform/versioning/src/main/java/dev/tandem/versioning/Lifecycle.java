package dev.tandem.versioning;

import java.util.Map;
import java.util.Optional;

/**
 * The published package versions and their states.
 *
 * @param packages by full name, such as {@code tandem.user.v1}
 */
public record Lifecycle(Map<String, ApiState> packages) {

  public Lifecycle {
    packages = Map.copyOf(packages);
  }

  /** Empty for a package that is not published, about which there is nothing to say. */
  public Optional<ApiState> stateOf(String packageName) {
    return Optional.ofNullable(packages.get(packageName));
  }
}
