package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Workload;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Proof("The clusters are whole and know each other")
@Order(1)
final class ClustersTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration WARM_LIMIT = Duration.ofMinutes(2);
  private static final Set<String> PROXIES =
      Set.of("caller", "user", "payment", "istio-eastwestgateway");

  @Test
  @Order(1)
  void everyWorkloadOfEveryClusterIsAvailable(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      var apps = cluster.kubernetes().apps();
      Set<String> names = new TreeSet<>();
      for (HasMetadata deployment :
          apps.deployments().inNamespace(LiveCluster.NAMESPACE).list().getItems()) {
        cluster.deployment(deployment.getMetadata().getName()).awaitAvailable();
        names.add(deployment.getMetadata().getName());
      }
      for (HasMetadata set :
          apps.statefulSets().inNamespace(LiveCluster.NAMESPACE).list().getItems()) {
        cluster.statefulSet(set.getMetadata().getName()).awaitAvailable();
        names.add(set.getMetadata().getName());
      }
      assertThat(names).as("workloads of " + cluster).contains("user", "payment", "caller");
      long pods =
          names.stream()
              .mapToLong(
                  name -> new Workload(cluster, Workload.Kind.DEPLOYMENT, name).readyPods().size())
              .sum();
      evidence.says(
          "In %s all of %s are available: %d pods, Kubernetes %s.",
          cluster.name(),
          String.join(", ", names),
          pods,
          cluster.kubernetes().getKubernetesVersion().getGitVersion());
    }
    assertThat(clusters.database().statefulSet("postgres").available())
        .as("the database in %s is available", clusters.database())
        .isTrue();
  }

  @Test
  @Order(2)
  void everyControlPlaneIsInSyncWithTheOtherClusters(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      if (!cluster.isPrimary()) {
        continue;
      }
      Set<String> others =
          clusters.without(cluster).stream()
              .map(LiveCluster::name)
              .collect(Collectors.toCollection(TreeSet::new));
      Await.until(
          "istiod of %s to be in sync with %s".formatted(cluster.name(), others),
          LIMIT,
          () -> {
            String table = cluster.istioctl().run("remote-clusters").orFail();
            Set<String> synced = synced(table);
            return synced.containsAll(others)
                ? Optional.empty()
                : Optional.of("istioctl remote-clusters says\n" + table);
          });
      evidence.says(
          "istiod of %s says \"synced\" of %s.", cluster.name(), String.join(" and ", others));
    }
  }

  @Test
  @Order(4)
  void everyProxyIsToldByTheControlPlaneThatTheTopologyGivesItsCluster(
      Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      LiveCluster primary = clusters.primaryOf(cluster);
      Await.until(
          "istiod of %s to tell the proxies of %s".formatted(primary, cluster),
          LIMIT,
          () -> {
            String table = primary.istioctl().run("proxy-status").orFail();
            Set<String> told = proxiesOf(cluster, table);
            return told.containsAll(PROXIES)
                ? Optional.empty()
                : Optional.of("istioctl proxy-status says\n" + table);
          });
      evidence.says(
          "The proxies of %s take their configuration from istiod of %s.",
          cluster.name(), primary.name());
    }
  }

  /** The workloads whose proxies in a cluster an istiod has a connection with. */
  private static Set<String> proxiesOf(LiveCluster cluster, String table) {
    return table
        .lines()
        .map(line -> Arrays.asList(line.trim().split("\\s+")))
        .filter(row -> row.size() > 1 && row.get(1).equals(cluster.name()))
        .map(row -> row.getFirst().replaceFirst("-[a-z0-9]+-[a-z0-9]+[.].*", ""))
        .collect(Collectors.toSet());
  }

  /** A JVM that has just started is slow; what follows is about clusters, not about that. */
  @Test
  @Order(5)
  void everyServiceIsWarm(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      int rounds = 0;
      for (Work work : List.of(Work.getUser(Users.ONE), Work.charge(Charges.of(1)))) {
        rounds += warm(clusters, cluster, work);
      }
      evidence.says(
          "From %s, GetUser and Charge answer at 50 a second in every cluster, after %d rounds of 100 calls.",
          cluster.name(), rounds);
    }
  }

  private static int warm(Clusters clusters, LiveCluster cluster, Work work) {
    AtomicInteger rounds = new AtomicInteger();
    Await.until(
        "100 calls from %s that all succeed, answered by every cluster".formatted(cluster),
        WARM_LIMIT,
        () -> {
          rounds.incrementAndGet();
          Ledger ledger = cluster.caller().run(work, LoadShape.of(100, 50));
          return ledger.failed().size() == 0
                  && ledger.byCluster().keySet().containsAll(clusters.names())
              ? Optional.empty()
              : Optional.of(ledger.figures());
        });
    return rounds.get();
  }

  /** The names in the first column of the rows that say "synced". */
  private static Set<String> synced(String table) {
    return table
        .lines()
        .map(line -> Arrays.asList(line.trim().split("\\s+")))
        .filter(row -> row.contains("synced"))
        .map(row -> row.getFirst())
        .collect(Collectors.toSet());
  }

  @Test
  @Order(3)
  void callersSeeTheUserServiceOfEveryCluster(Clusters clusters, Evidence evidence) {
    for (LiveCluster cluster : clusters.all()) {
      String caller =
          cluster.deployment("caller").readyPods().getFirst().getMetadata().getName()
              + "."
              + LiveCluster.NAMESPACE;
      Set<String> wanted = new TreeSet<>();
      for (LiveCluster other : clusters.all()) {
        if (other.entry().network().equals(cluster.entry().network())) {
          other.deployment("user").readyPods().stream()
              .map(Pod::getStatus)
              .forEach(status -> wanted.add(status.getPodIP()));
        } else {
          wanted.add(other.gatewayAddress());
        }
      }
      Await.until(
          "the caller of %s to see the user service at %s".formatted(cluster, wanted),
          LIMIT,
          () -> {
            Set<String> seen =
                healthyEndpoints(cluster, caller, "outbound|9000||user.tandem.svc.cluster.local");
            return seen.containsAll(wanted)
                ? Optional.empty()
                : Optional.of("its proxy has healthy endpoints at " + seen);
          });
      evidence.says(
          "The caller of %s sees the user service at %d addresses: its own pods' and %s.",
          cluster.name(),
          wanted.size(),
          clusters.without(cluster).stream()
              .map(other -> "the gateway of " + other.name() + " (" + other.gatewayAddress() + ")")
              .collect(Collectors.joining(" and ")));
    }
  }

  private static Set<String> healthyEndpoints(LiveCluster cluster, String pod, String service) {
    String json =
        cluster
            .istioctl()
            .run(
                "proxy-config",
                "endpoints",
                pod,
                "--cluster",
                service,
                "--status",
                "healthy",
                "--output",
                "json")
            .orFail();
    Set<String> addresses = new TreeSet<>();
    JsonElement parsed = JsonParser.parseString(json);
    if (parsed instanceof JsonArray services) {
      for (JsonElement one : services) {
        JsonArray hosts = one.getAsJsonObject().getAsJsonArray("hostStatuses");
        for (JsonElement host : hosts == null ? new JsonArray() : hosts) {
          JsonObject socket =
              host.getAsJsonObject().getAsJsonObject("address").getAsJsonObject("socketAddress");
          if (socket != null) {
            addresses.add(socket.get("address").getAsString());
          }
        }
      }
    }
    return addresses;
  }
}
