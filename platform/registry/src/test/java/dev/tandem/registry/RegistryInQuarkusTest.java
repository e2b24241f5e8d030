package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.lifecycle.DrainParticipant;
import dev.tandem.transport.ChannelTo;
import io.grpc.Channel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.quarkus.arc.All;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.stork.Stork;
import io.smallrye.stork.api.ServiceInstance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An application that registers itself and finds itself, by settings alone. */
@QuarkusTest
@WithTestResource(RegistryElsewhere.class)
class RegistryInQuarkusTest {

  @Inject ServiceRegistry registry;

  @Inject
  @ChannelTo("user")
  Channel users;

  @Inject @All List<DrainParticipant> participants;

  @Test
  void itIsFoundByWatchByStorkAndByChannelsUntilItLeaves() throws Exception {
    RecordedViews views = new RecordedViews();
    try (Watch _ = registry.watch("user", views)) {
      Instance self = views.awaitLast(now -> !now.isEmpty()).getFirst();
      assertThat(self.id()).isEqualTo("user-0");
      assertThat(self.cluster()).isEqualTo("shanghai");
      assertThat(self.region()).isEqualTo("cn-east");

      List<ServiceInstance> found =
          await()
              .atMost(ServerProcess.LIMIT)
              .until(RegistryInQuarkusTest::askStork, instances -> !instances.isEmpty());
      assertThat(found)
          .singleElement()
          .satisfies(one -> assertThat(one.getPort()).isEqualTo(self.address().port()));
      assertThat(
              HealthGrpc.newBlockingStub(users)
                  .withDeadlineAfter(1, TimeUnit.MINUTES)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);

      for (DrainParticipant participant : participants) {
        participant.leave();
      }

      views.awaitLast();
    }
  }

  private static List<ServiceInstance> askStork() {
    return Stork.getInstance()
        .getService("user")
        .getInstances()
        .await()
        .atMost(ServerProcess.LIMIT);
  }
}
