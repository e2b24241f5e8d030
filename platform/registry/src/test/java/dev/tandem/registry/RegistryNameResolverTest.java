package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel that finds its servers in a real registry. */
class RegistryNameResolverTest {

  private EtcdServer etcd;
  private ServiceRegistry registry;
  private RegistryNameResolverProvider names;
  private ManagedChannel users;

  @BeforeEach
  void start() throws Exception {
    etcd = EtcdServer.start();
    registry =
        etcd.open(
            Map.of(
                "endpoints", etcd.address().toString(),
                "heartbeat", "1s",
                "timeout", "2s",
                "retry", "500ms"),
            RegistryMeter.NONE);
    names = new RegistryNameResolverProvider(registry);
    names.install();
    users =
        NettyChannelBuilder.forTarget("registry:///user")
            .defaultLoadBalancingPolicy("round_robin")
            .usePlaintext()
            .build();
  }

  @AfterEach
  void stop() {
    users.shutdownNow();
    names.uninstall();
    registry.close();
    etcd.close();
  }

  @Test
  void callsFollowTheInstances() throws Exception {
    try (Counting one = new Counting();
        Counting two = new Counting()) {
      Registration first = registry.register(one.instance("a", 100));
      awaitAnswer();
      assertThat(one.calls).hasPositiveValue();

      var _ = registry.register(two.instance("b", 100));
      awaitCallsOf(two);
      first.offer(one.instance("a", 0));
      awaitOnly(two, one);
    }
  }

  @Test
  void withTheRegistryGoneCallsGoWhereTheyWent() throws Exception {
    try (Counting one = new Counting()) {
      var _ = registry.register(one.instance("a", 100));
      Watch watch = registry.watch("user", _ -> {});
      awaitAnswer();

      etcd.kill();
      ServiceRegistryContract.awaitFreshness(watch, Freshness.Stale.class::isInstance);

      ask();
      assertThat(one.calls).hasValueGreaterThan(1);
    }
  }

  @Test
  void aServiceWithoutInstancesIsUnavailableAndSaysWhy() {
    StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, this::ask);

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused).hasMessageContaining("the registry has no instance of user");
  }

  @Test
  void aRegistryThatWasNeverReachedIsUnavailableAndSaysWhy() throws Exception {
    etcd.kill();

    StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, this::ask);

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused)
        .hasMessageContaining("the instances of user are not known: etcd at 127.0.0.1");
  }

  private void ask() {
    var _ =
        HealthGrpc.newBlockingStub(users)
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance());
  }

  private void awaitAnswer() {
    await().atMost(ServerProcess.LIMIT).ignoreExceptions().untilAsserted(this::ask);
  }

  private void awaitCallsOf(Counting server) {
    await()
        .atMost(ServerProcess.LIMIT)
        .until(
            () -> {
              ask();
              return server.calls.get() > 0;
            });
  }

  /** Until ten calls in a row are all of the one's. */
  private void awaitOnly(Counting chosen, Counting left) {
    await()
        .atMost(ServerProcess.LIMIT)
        .until(
            () -> {
              int before = left.calls.get();
              for (int call = 0; call < 10; call++) {
                ask();
              }
              return left.calls.get() == before && chosen.calls.get() >= 10;
            });
  }

  /** A server that counts the calls it answers. */
  private static final class Counting extends HealthGrpc.HealthImplBase implements AutoCloseable {

    private final AtomicInteger calls = new AtomicInteger();
    private final Server server;

    private Counting() throws Exception {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(this)
              .build()
              .start();
    }

    private Instance instance(String id, int weight) {
      return new Instance(
          "user", id, new Address("127.0.0.1", server.getPort()), "1", "", "", weight);
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> response) {
      calls.incrementAndGet();
      response.onNext(HealthCheckResponse.getDefaultInstance());
      response.onCompleted();
    }

    @Override
    public void close() {
      server.shutdownNow();
    }
  }
}
