package dev.tandem.e2e;

import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user service in every cluster, half of whose calls of GetUser fail at its own pods. */
final class FailingUsers {
  private static final String FILTER = "tandem.user-fails-half";
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /**
   * What a proxy says of each endpoint that it knows, whatever statistics are switched off: {@code
   * outbound|9000||user.tandem.svc.cluster.local::10.10.0.7:9000::rq_total::42}.
   */
  private static final Pattern CALLS_TO_USER =
      Pattern.compile(
          "^outbound\\|9000\\|[^|]*\\|user\\.tandem\\.svc\\.cluster\\.local::.*::rq_total::(\\d+)$",
          Pattern.MULTILINE);

  private final Clusters clusters;

  private FailingUsers(Clusters clusters) {
    this.clusters = clusters;
  }

  /** Has them fail from now on; {@code undo} ends it. */
  static FailingUsers in(Clusters clusters, Undo undo) {
    Manifest manifest = Manifest.of("user-fails-half.yaml");
    clusters.all().forEach(cluster -> manifest.applyTo(cluster, undo));
    for (LiveCluster cluster : clusters.all()) {
      for (Pod pod : cluster.deployment("user").readyPods()) {
        String name = pod.getMetadata().getName();
        Await.until(
            "the proxy of %s in %s to fail calls".formatted(name, cluster),
            LIMIT,
            () ->
                proxy(cluster, name, "config_dump?resource=dynamic_listeners").contains(FILTER)
                    ? Optional.empty()
                    : Optional.of("it does not know " + FILTER));
      }
    }
    return new FailingUsers(clusters);
  }

  /**
   * How many calls the proxies of all payment pods have sent to pods of user, repetitions of the
   * mesh's and of the library's included.
   */
  long attempts() {
    long attempts = 0;
    for (LiveCluster cluster : clusters.all()) {
      for (Pod pod : cluster.deployment("payment").readyPods()) {
        Matcher endpoint =
            CALLS_TO_USER.matcher(proxy(cluster, pod.getMetadata().getName(), "clusters"));
        while (endpoint.find()) {
          attempts += Long.parseLong(endpoint.group(1));
        }
      }
    }
    return attempts;
  }

  /** What a pod's proxy answers on its own administration port. */
  private static String proxy(LiveCluster cluster, String pod, String question) {
    return cluster
        .kubectl()
        .run(
            "--namespace=" + LiveCluster.NAMESPACE,
            "exec",
            pod,
            "--container=istio-proxy",
            "--",
            "pilot-agent",
            "request",
            "GET",
            question)
        .orFail();
  }
}
