package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The switch {@code xds} of platform/transport against a real istiod: no Envoy beside the client,
 * and still mutual TLS, because user takes nothing else and knows callers by their certificates.
 */
@Proof("A channel asks istiod itself, without a proxy beside it")
@Order(9)
final class ProxylessTest {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int ENOUGH = 20;
  private static final String ANSWERED = "answered ";

  private static final Path ROOT =
      Path.of(System.getProperty("tandem.root", "..")).toAbsolutePath().normalize();

  @Test
  @Order(1)
  void callsAreAnsweredByPodsThatIstiodNames(Clusters clusters, Undo undo, Evidence evidence) {
    LiveCluster cluster = clusters.all().getFirst();
    ProxylessPod pod = ProxylessPod.startIn(cluster, ROOT, undo);
    Await.until(
        "%d calls of the proxyless client in %s to be answered".formatted(ENOUGH, cluster),
        LIMIT,
        () ->
            answers(pod).size() >= ENOUGH
                ? Optional.empty()
                : Optional.of(String.join("\n", pod.lines())));

    assertThat(pod.runsEnvoy()).as("an Envoy beside the client").isFalse();
    Set<String> servers =
        answers(pod).stream()
            .map(line -> line.split(" ", -1)[1] + "/" + line.split(" ", -1)[2])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(servers).isSubsetOf(userPods(clusters));
    evidence.says(
        "A pod of %s without Envoy made %d calls over tandem.transport.channels.user.xds=true; istiod named %s, over mutual TLS with the certificates of istio-agent.",
        cluster.name(), answers(pod).size(), servers);
    // Endpoints of another network are behind its gateway, which wants a name that grpc-java does
    // not send.
    evidence.says(
        "Calls that failed meanwhile: %s.",
        pod.lines().stream().filter(line -> line.startsWith("failed ")).toList());
  }

  private static List<String> answers(ProxylessPod pod) {
    return pod.lines().stream().filter(line -> line.startsWith(ANSWERED)).toList();
  }

  private static Set<String> userPods(Clusters clusters) {
    Set<String> names = new TreeSet<>();
    for (LiveCluster cluster : clusters.all()) {
      cluster
          .deployment("user")
          .readyPods()
          .forEach(pod -> names.add(cluster.name() + "/" + pod.getMetadata().getName()));
    }
    return names;
  }
}
