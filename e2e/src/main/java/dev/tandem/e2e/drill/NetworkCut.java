package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.LiveCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packets from nodes to other nodes and to their load balancers vanish without a word: routes that
 * lead nowhere, in the nodes' own network. The way to this machine, which drives the drill, stays
 * open.
 */
final class NetworkCut implements Fault {
  private final List<Hole> holes;

  /**
   * Packets that vanish.
   *
   * @param on where they come from
   * @param destinations addresses or ranges that they do not reach
   */
  record Hole(Node on, List<String> destinations) {
    Hole {
      destinations = List.copyOf(destinations);
    }
  }

  NetworkCut(List<Hole> holes) {
    this.holes = List.copyOf(holes);
  }

  /**
   * Packets from the victim to all others vanish, and those from all others to it when asked for.
   */
  static NetworkCut between(Scene scene, boolean bothWays) {
    Node victim = scene.node(scene.victim());
    List<Hole> holes = new ArrayList<>();
    holes.add(
        new Hole(
            victim, scene.survivors().stream().flatMap(other -> addresses(scene, other)).toList()));
    if (bothWays) {
      for (LiveCluster other : scene.survivors()) {
        holes.add(new Hole(scene.node(other), addresses(scene, scene.victim()).toList()));
      }
    }
    return new NetworkCut(holes);
  }

  /** Where a cluster is reached: its node, and its load balancers. */
  private static Stream<String> addresses(Scene scene, LiveCluster cluster) {
    return Stream.of(
        scene.node(cluster).address() + "/32", cluster.entry().loadBalancers().toString());
  }

  @Override
  public void strike() {
    for (Hole hole : holes) {
      for (String destination : hole.destinations()) {
        hole.on().run("ip", "route", "replace", "blackhole", destination).orFail();
      }
    }
  }

  @Override
  public void repair() {
    for (Hole hole : holes) {
      for (String destination : hole.destinations()) {
        // It says so when there is no such route, which is what is wanted.
        hole.on().run("ip", "route", "del", "blackhole", destination);
      }
    }
  }
}
