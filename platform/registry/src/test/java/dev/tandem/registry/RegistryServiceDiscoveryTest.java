package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.stork.api.ServiceInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Stork is told, by a registry that the test is. */
class RegistryServiceDiscoveryTest {

  private final List<InstancesListener> listeners = new ArrayList<>();
  private final RegistryServiceDiscovery discovery =
      new RegistryServiceDiscovery(new HandWritten(), "user", true);

  @Test
  void whoAsksBeforeTheRegistryHasAnsweredWaits() {
    var asked = discovery.getServiceInstances().subscribeAsCompletionStage();
    assertThat(asked).isNotDone();

    says(instance("a", 100));

    await().atMost(ServerProcess.LIMIT).until(asked::isDone);
    assertThat(asked.join()).extracting(ServiceInstance::getHost).containsExactly("a.example");
  }

  @Test
  void anInstanceHasWhatTheRegistryKnowsOfIt() {
    says(instance("a", 7));

    ServiceInstance only = ask().getFirst();

    assertThat(only.getHost()).isEqualTo("a.example");
    assertThat(only.getPort()).isEqualTo(9000);
    assertThat(only.isSecure()).isTrue();
    assertThat(only.getLabels())
        .containsEntry("instance", "a")
        .containsEntry("version", "1.0")
        .containsEntry("cluster", "shanghai")
        .containsEntry("region", "cn-east")
        .containsEntry("weight", "7");
  }

  @Test
  void anInstanceKeepsItsNumberWhileOthersComeAndGo() {
    says(instance("a", 100));
    long number = ask().getFirst().getId();

    says(instance("a", 100), instance("b", 100));
    assertThat(ask()).extracting(ServiceInstance::getId).contains(number).hasSize(2);
    says(instance("a", 100));

    assertThat(ask()).extracting(ServiceInstance::getId).containsExactly(number);
  }

  @Test
  void anInstanceOfNoWeightIsNotChosen() {
    says(instance("a", 0), instance("b", 1));

    assertThat(ask()).extracting(ServiceInstance::getHost).containsExactly("b.example");
  }

  @Test
  void aRegistryThatIsNotReachedIsAnErrorUntilItIs() {
    var asked = discovery.getServiceInstances().subscribeAsCompletionStage();

    listeners.getFirst().unknown("no route");
    assertThatThrownBy(asked::join)
        .hasMessageContaining("the instances of user are not known: no route");
    says(instance("a", 100));

    assertThat(ask()).hasSize(1);
  }

  private List<ServiceInstance> ask() {
    return discovery.getServiceInstances().await().atMost(ServerProcess.LIMIT);
  }

  private void says(Instance... instances) {
    listeners.getFirst().changed(new Instances("user", 1, List.of(instances)));
  }

  private static Instance instance(String id, int weight) {
    return new Instance(
        "user", id, new Address(id + ".example", 9000), "1.0", "shanghai", "cn-east", weight);
  }

  private final class HandWritten implements ServiceRegistry {
    @Override
    public Registration register(Instance instance) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Watch watch(String service, InstancesListener listener) {
      assertThat(service).isEqualTo("user");
      listeners.add(listener);
      return new Watch() {
        @Override
        public Optional<Instances> latest() {
          return Optional.empty();
        }

        @Override
        public Freshness freshness() {
          return new Freshness.Unknown("");
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }
}
