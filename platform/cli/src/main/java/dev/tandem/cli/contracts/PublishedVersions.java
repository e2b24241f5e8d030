package dev.tandem.cli.contracts;

import dev.tandem.cli.contracts.Lifecycle.State;
import dev.tandem.topology.Suggestion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The published packages, for those who refer to them. */
public final class PublishedVersions {

  private final Lifecycle lifecycle;

  private PublishedVersions(Lifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  /**
   * Reads what is published.
   *
   * @param directory where lifecycle.yaml is
   * @throws IOException when it cannot be read
   */
  public static PublishedVersions read(Path directory) throws IOException {
    return new PublishedVersions(Lifecycle.read(directory.resolve(Lifecycle.FILE)));
  }

  /**
   * Insists on a package that callers can use.
   *
   * @throws IllegalArgumentException when nobody published the package, or it is retired
   */
  public void requireServed(String packageName) {
    Optional<State> state = lifecycle.of(packageName);
    if (state.isEmpty()) {
      throw new IllegalArgumentException(
          "%s is not published: %s"
              .formatted(packageName, Suggestion.among(packageName, lifecycle.states().keySet())));
    }
    if (state.get() == State.RETIRED) {
      throw new IllegalArgumentException(packageName + " is retired: nobody serves it");
    }
  }
}
