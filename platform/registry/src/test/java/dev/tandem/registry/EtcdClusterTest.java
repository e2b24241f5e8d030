package dev.tandem.registry;

import static dev.tandem.registry.ServiceRegistryContract.awaitFreshness;
import static dev.tandem.registry.ServiceRegistryContract.awaitPresent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a registry of several members goes through. */
class EtcdClusterTest {

  private EtcdCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new EtcdCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void anotherLeaderTakesOverWithoutAnInstanceBeingLost() throws Exception {
    try (ServiceRegistry registry = open(cluster.endpoints())) {
      RecordedViews views = new RecordedViews();
      Registration registration = registry.register(instance(1));
      awaitPresent(registration);
      Watch watch = registry.watch("user", views);
      views.awaitLast(instance(1));
      int leader = cluster.awaitLeader();

      cluster.member(leader).kill();
      registration.offer(instance(2));

      views.awaitLast(instance(2));
      awaitFreshness(watch, Freshness.Current.class::isInstance);
      assertThat(views.all())
          .extracting(view -> view.instances().getFirst().weight())
          .containsExactly(1, 2);
    }
  }

  /** A member that is alone would be silent, and its watchers would take silence for no news. */
  @Test
  void aMemberThatIsAloneIsNotBelieved() throws Exception {
    int leader = cluster.awaitLeader();
    try (ServiceRegistry registry = open(cluster.endpoint(leader))) {
      RecordedViews views = new RecordedViews();
      awaitPresent(registry.register(instance(1)));
      Watch watch = registry.watch("user", views);
      views.awaitLast(instance(1));

      for (ServerProcess other : cluster.membersBut(leader)) {
        other.pause();
      }
      awaitFreshness(watch, Freshness.Stale.class::isInstance);
      assertThat(watch.latest().orElseThrow().instances()).containsExactly(instance(1));

      for (ServerProcess other : cluster.membersBut(leader)) {
        other.resume();
      }
      awaitFreshness(watch, Freshness.Current.class::isInstance);
    }
  }

  private static Instance instance(int weight) {
    return new Instance("user", "a", new Address("a.example", 9000), "1", "", "", weight);
  }

  private static ServiceRegistry open(String endpoints) {
    return new EtcdServiceRegistry(
        TestSettings.of(
            Map.of(
                "endpoints", endpoints,
                "lease", "60s",
                "heartbeat", "1s",
                "timeout", "2s",
                "retry", "500ms")),
        RegistryMeter.NONE);
  }
}
