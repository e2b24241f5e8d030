package dev.tandem.cli.topology;

import dev.tandem.topology.Cluster;
import dev.tandem.topology.Suggestion;
import dev.tandem.topology.Topology;
import java.util.function.Function;

/** What a command makes of a sound topology. */
sealed interface Rendering {

  record Text(String text) implements Rendering {}

  /** The topology is sound, the request does not fit it. */
  record Refused(String problem, String fix) implements Rendering {}

  static Rendering ofCluster(
      Topology topology, String name, Function<Cluster, Rendering> rendering) {
    return topology
        .cluster(name)
        .map(rendering)
        .orElseGet(
            () ->
                new Refused(
                    "no cluster is named \"%s\"".formatted(name),
                    Suggestion.among(
                        name, topology.clusters().stream().map(Cluster::name).toList())));
  }
}
