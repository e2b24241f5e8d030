package dev.tandem.e2e.drill;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that can be broken on purpose. The victim is one cluster, the last without the
 * database.
 */
enum Drill {
  REPLICAS_GONE(
      "all replicas of user in one cluster are scaled to zero",
      "scaled back",
      Duration.ofSeconds(12),
      true),

  PODS_KILLED(
      "all processes of user and payment in one cluster end with SIGKILL",
      "Kubernetes starts them again",
      Duration.ofSeconds(5),
      true),

  NODE_FROZEN(
      "a whole cluster stands still (docker pause)",
      "docker unpause",
      Duration.ofSeconds(15),
      true),

  CLUSTER_STOPPED(
      "a whole cluster loses its power (docker kill)",
      "docker start; its pods have to be available again",
      Duration.ofSeconds(15),
      false),

  NETWORK_CUT(
      "packets between one cluster and the others vanish, both ways",
      "the routes are taken back",
      Duration.ofSeconds(15),
      false),

  NETWORK_CUT_ONE_WAY(
      "packets from one cluster to the others vanish; those to it arrive",
      "the routes are taken back",
      Duration.ofSeconds(15),
      false),

  GATEWAY_KILLED(
      "one cluster's east-west gateway ends with SIGKILL",
      "Kubernetes starts it again",
      Duration.ofSeconds(5),
      true),

  GATEWAY_FROZEN(
      "one cluster's east-west gateway stands still, its connections stay open",
      "it goes on",
      Duration.ofSeconds(12),
      true),

  BACKEND_SLOW(
      "user in one cluster answers 300 ms late",
      "the delay is taken away",
      Duration.ofSeconds(12),
      false),

  CONTROL_PLANE_KILLED(
      "the istiod that serves one cluster ends with SIGKILL",
      "Kubernetes starts it again",
      Duration.ofSeconds(10),
      true),

  API_SERVER_GONE(
      "one cluster's API server is gone; then istiod of another one has to start without it",
      "the API server is started again",
      Duration.ofSeconds(45),
      false),

  CERTIFICATES_ROTATED(
      "the certificate authority of one cluster's istiod and all certificates that it issued are replaced",
      "nothing to repair: a rotation only goes forward",
      Duration.ofSeconds(5),
      false),

  REMOTE_SECRETS_ROTATED(
      "the token by which other control planes watch one cluster is revoked and replaced",
      "nothing to repair: a rotation only goes forward",
      Duration.ofSeconds(10),
      false),

  DNS_GONE(
      "one cluster has no DNS, while callers open new connections",
      "CoreDNS is scaled back",
      Duration.ofSeconds(15),
      false);

  private static final String WITHDRAWN =
      "pods that were told to go serve for 5 s more, so that nobody is refused while the news travels from the API server through istiod to every proxy; until then they answer as before";

  private static final String STARTING =
      "what starts again takes the processors that calls need: 200 calls a second use 1.5 of the two cores, and a JVM that starts uses more than one. Calls wait for a processor then, wherever they are sent";

  private static final String BUSY =
      "200 calls a second use 1.5 of the two cores, and what starts besides, or is told a new configuration, uses more than the rest. Calls wait for a processor then, with Istio's defaults, too";

  private static final String TWO_WAYS =
      "a payment has two ways, its own and payment's to user, and may lose a try on each: a connection that is not made in 300 ms, or 500 and 400 ms of silence, and then it still has to be made";

  private final String breaks;
  private final String repairs;
  private final Duration lasts;
  private final boolean quick;

  Drill(String breaks, String repairs, Duration lasts, boolean quick) {
    this.breaks = breaks;
    this.repairs = repairs;
    this.lasts = lasts;
    this.quick = quick;
  }

  /** The drill of that name. */
  static Optional<Drill> named(String name) {
    return Arrays.stream(values()).filter(drill -> drill.title().equals(name)).findFirst();
  }

  /** Those that are done within a minute or so. */
  static Stream<Drill> quick() {
    return Arrays.stream(values()).filter(drill -> drill.quick);
  }

  /** Its name as people type it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String breaks() {
    return breaks;
  }

  String repairs() {
    return repairs;
  }

  /** How long the fault lasts before it is repaired. */
  Duration lasts() {
    return lasts;
  }

  /**
   * The goals that it cannot be held to on two cores, and why; docs/decisions/0020-failover.md has
   * what was tried.
   */
  Map<Goal, String> bounds() {
    return switch (this) {
      case REPLICAS_GONE -> boundByWhatStarts(WITHDRAWN);
      case BACKEND_SLOW ->
          Map.of(
              Goal.MOVED,
              "slow is not dead: the slow side takes as many calls as it can bear, and that is not none");
      case PODS_KILLED, CLUSTER_STOPPED -> boundByWhatStarts(STARTING);
      case NODE_FROZEN, NETWORK_CUT, NETWORK_CUT_ONE_WAY, GATEWAY_KILLED, GATEWAY_FROZEN ->
          Map.of(Goal.SLOWEST, TWO_WAYS);
      case CONTROL_PLANE_KILLED,
          API_SERVER_GONE,
          CERTIFICATES_ROTATED,
          REMOTE_SECRETS_ROTATED,
          DNS_GONE ->
          Map.of(Goal.SLOWEST, BUSY);
    };
  }

  private static Map<Goal, String> boundByWhatStarts(String moved) {
    return Map.of(
        Goal.MOVED,
        moved,
        Goal.NONE_FAILED,
        STARTING,
        Goal.SLOWEST,
        STARTING,
        Goal.HOME_UNFELT,
        STARTING);
  }
}
