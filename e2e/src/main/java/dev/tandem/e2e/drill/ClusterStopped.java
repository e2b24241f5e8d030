package dev.tandem.e2e.drill;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A whole cluster loses its power and is switched on again. */
final class ClusterStopped implements Fault {
  private final Node node;
  private final List<Part> parts;

  /** The containers that lost their power. */
  private Map<Part, Set<String>> gone = Map.of();

  /**
   * Prepares it.
   *
   * @param parts what has to be available again before the cluster counts as back
   */
  ClusterStopped(Node node, List<Part> parts) {
    this.node = node;
    this.parts = List.copyOf(parts);
  }

  @Override
  public void strike() {
    Map<Part, Set<String>> running =
        parts.stream().collect(Collectors.toMap(part -> part, Part::containers));
    node.stop();
    gone = running;
  }

  @Override
  public void repair() {
    node.start();
    node.awaitApiServer();
    parts.forEach(part -> part.awaitWholeWithout(gone.getOrDefault(part, Set.of())));
  }
}
