package dev.tandem.cli.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Which packages are published, as {@code lifecycle.yaml} says it. Dates and links are for servers,
 * which check them.
 *
 * @param states by the packages' full names, in the order of the file
 */
record Lifecycle(Map<String, State> states) {

  static final String FILE = "lifecycle.yaml";
  private static final String API_VERSION = "tandem.dev/v1";

  enum State {
    ACTIVE,
    DEPRECATED,
    RETIRED;

    /**
     * One step on, or back while nobody was turned away yet: a deprecation can be taken back, a
     * retirement cannot.
     */
    boolean mayBecome(State next) {
      return switch (this) {
        case ACTIVE -> next != RETIRED;
        case DEPRECATED -> true;
        case RETIRED -> next == RETIRED;
      };
    }
  }

  Optional<State> of(String packageName) {
    return Optional.ofNullable(states.get(packageName));
  }

  /**
   * @throws IOException when the file cannot be read or is not what proto/README.md describes
   */
  static Lifecycle read(Path file) throws IOException {
    String text = Files.readString(file);
    try {
      return new Lifecycle(states(new Load(LoadSettings.builder().build()).loadFromString(text)));
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Map<String, State> states(Object root) {
    if (!(root instanceof Map<?, ?> top)
        || !API_VERSION.equals(top.get("apiVersion"))
        || !(top.get("packages") instanceof Map<?, ?> packages)) {
      throw new IllegalArgumentException(
          "must have apiVersion: %s and packages".formatted(API_VERSION));
    }
    Map<String, State> states = new LinkedHashMap<>();
    packages.forEach((name, entry) -> states.put(String.valueOf(name), state(name, entry)));
    return states;
  }

  private static State state(Object name, Object entry) {
    if (entry instanceof Map<?, ?> keys && keys.get("state") instanceof String text) {
      for (State state : State.values()) {
        if (state.name().equals(text)) {
          return state;
        }
      }
    }
    throw new IllegalArgumentException(
        "%s must have a state: ACTIVE, DEPRECATED or RETIRED".formatted(name));
  }
}
