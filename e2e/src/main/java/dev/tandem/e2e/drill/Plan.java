package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.LiveCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a drill is done on certain clusters. It is made while all is well, and its fault remembers
 * how things were.
 *
 * @param paths the ways that are closed to callers
 * @param callers the clusters that traffic comes from: those that the fault leaves running
 * @param newcomers whether callers join in, on new connections, once the fault is there
 */
record Plan(Fault fault, Paths paths, List<LiveCluster> callers, boolean newcomers) {
  Plan {
    callers = List.copyOf(callers);
  }

  private Plan(Fault fault, Paths paths, List<LiveCluster> callers) {
    this(fault, paths, callers, false);
  }

  static Plan of(Drill drill, Scene scene) {
    return switch (drill) {
      case REPLICAS_GONE ->
          new Plan(
              new ReplicasGone(Part.service(scene.victim(), "user")),
              Paths.closed(scene.toVictim(scene.clusters().all()), Set.of("user")),
              scene.clusters().all());
      case PODS_KILLED ->
          new Plan(
              new ProcessesKilled(
                  scene.node(scene.victim()),
                  Part.service(scene.victim(), "user"),
                  Part.service(scene.victim(), "payment")),
              Paths.closed(scene.toVictim(scene.clusters().all()), Set.of("user", "payment")),
              scene.clusters().all());
      case NODE_FROZEN ->
          new Plan(
              scene.frozenVictim(),
              Paths.closed(scene.toVictim(scene.survivors()), Set.of("user", "payment")),
              scene.survivors());
      case CLUSTER_STOPPED ->
          new Plan(
              new ClusterStopped(
                  scene.node(scene.victim()),
                  List.of(
                      Part.controlPlane(scene.victim()),
                      Part.gateway(scene.victim()),
                      Part.service(scene.victim(), "user"),
                      Part.service(scene.victim(), "payment"))),
              Paths.closed(scene.toVictim(scene.survivors()), Set.of("user", "payment")),
              scene.survivors());
      case NETWORK_CUT ->
          new Plan(
              NetworkCut.between(scene, true),
              new Paths(scene.acrossToVictim(), Set.of("user"), Set.of(scene.victim().name())),
              scene.clusters().all());
      case NETWORK_CUT_ONE_WAY ->
          new Plan(
              NetworkCut.between(scene, false),
              new Paths(scene.acrossToVictim(), Set.of("user"), Set.of(scene.victim().name())),
              scene.clusters().all());
      case GATEWAY_KILLED ->
          new Plan(
              new ProcessesKilled(scene.node(scene.victim()), Part.gateway(scene.victim())),
              Paths.closed(scene.toVictim(scene.survivors()), Set.of("user", "payment")),
              scene.clusters().all());
      case GATEWAY_FROZEN ->
          new Plan(
              new ProcessesFrozen(scene.node(scene.victim()), Part.gateway(scene.victim())),
              Paths.closed(scene.toVictim(scene.survivors()), Set.of("user", "payment")),
              scene.clusters().all());
      case BACKEND_SLOW ->
          new Plan(
              SidecarFault.late(
                  scene.victim(), Map.of("app.kubernetes.io/name", "user"), Duration.ofMillis(300)),
              Paths.closed(scene.toVictim(scene.clusters().all()), Set.of("user")),
              scene.clusters().all());
      case CONTROL_PLANE_KILLED ->
          new Plan(
              new ProcessesKilled(scene.node(scene.victim()), Part.controlPlane(scene.victim())),
              Paths.none(),
              scene.clusters().all());
      case API_SERVER_GONE ->
          new Plan(
              new ApiServerGone(
                  scene.node(scene.victim()),
                  scene.node(scene.survivors().getFirst()),
                  Part.controlPlane(scene.survivors().getFirst())),
              Paths.none(),
              scene.survivors());
      case CERTIFICATES_ROTATED ->
          new Plan(
              new Rotation(scene.root(), "certificates.sh", scene.victim().name()),
              Paths.none(),
              scene.survivors());
      case REMOTE_SECRETS_ROTATED ->
          new Plan(
              new Rotation(scene.root(), "remote-secrets.sh", scene.victim().name()),
              Paths.none(),
              scene.clusters().all());
      case DNS_GONE ->
          new Plan(
              new ReplicasGone(Part.dns(scene.victim())),
              Paths.none(),
              scene.clusters().all(),
              true);
    };
  }
}
