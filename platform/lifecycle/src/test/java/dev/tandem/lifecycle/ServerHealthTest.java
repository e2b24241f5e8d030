package dev.tandem.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.BlockingClientCall;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerHealthTest {

  private static final String USERS = "tandem.user.v1.UserService";

  private final ServerHealth health = new ServerHealth();
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void serve() throws Exception {
    server = NettyServerBuilder.forPort(0).addService(health.service()).build().start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void doesNotServeBeforeItIsReported() {
    assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void servesWhenItIsReportedReady() {
    health.report(List.of(USERS), true);

    assertThat(check("")).isEqualTo(ServingStatus.SERVING);
    assertThat(check(USERS)).isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void doesNotServeWhenItIsReportedUnready() {
    health.report(List.of(USERS), true);

    health.report(List.of(USERS), false);

    assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(check(USERS)).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void staysNotServingOnceItLeaves() {
    health.report(List.of(USERS), true);

    health.leave();
    health.report(List.of(USERS), true);

    assertThat(health.leaving()).isTrue();
    assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(check(USERS)).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void doesNotFindAServiceThatIsNotThere() {
    assertThatThrownBy(() -> check("tandem.nobody.v1.Nobody")).hasMessageStartingWith("NOT_FOUND");
  }

  @Test
  void tellsAWatcherOfAServiceThatIsNotThereUntilItIs() throws Exception {
    BlockingClientCall<?, HealthCheckResponse> watcher =
        HealthGrpc.newBlockingV2Stub(channel)
            .watch(HealthCheckRequest.newBuilder().setService(USERS).build());
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVICE_UNKNOWN);

    health.report(List.of(USERS), true);
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVING);

    health.leave();
    assertThat(next(watcher)).isEqualTo(ServingStatus.NOT_SERVING);
  }

  private static ServingStatus next(BlockingClientCall<?, HealthCheckResponse> watcher)
      throws Exception {
    return Objects.requireNonNull(watcher.read()).getStatus();
  }

  private ServingStatus check(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }
}
