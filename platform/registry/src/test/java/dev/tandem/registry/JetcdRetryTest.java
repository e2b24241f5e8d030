package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.etcd.jetcd.options.WatchOption;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Why etcd's protocol is spoken here without jetcd's client, which repeats by itself: what it
 * repeats may have been done, and where it goes on it may have missed something.
 */
class JetcdRetryTest {

  private static final long SEEN = 5;
  private static final long CURRENT = 9;

  private final AtomicInteger granted = new AtomicInteger();
  private final List<Long> watchedFrom = new CopyOnWriteArrayList<>();
  private Server etcd;

  @BeforeEach
  void start() throws Exception {
    etcd =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new LosesItsFirstAnswer())
            .addService(new BreaksItsFirstWatch())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    etcd.shutdownNow();
  }

  @Test
  void jetcdTakesTwoLeasesWhereOneWasAskedFor() throws Exception {
    try (Client jetcd = jetcd()) {
      var _ = jetcd.getLeaseClient().grant(60).get();
    }

    assertThat(granted).hasValue(2);
  }

  @Test
  void theRegistryLeavesItToWhoKnowsWhatMayBeAskedTwice() throws Exception {
    RegistrySettings settings =
        TestSettings.of(Map.of("endpoints", "127.0.0.1:" + etcd.getPort(), "timeout", "1m"));
    try (KeyServer keys =
        new EtcdKeyServer(
            new EtcdConnection(new Endpoints(settings)),
            new Prefix(settings.prefix()),
            Timing.from(settings))) {
      assertThatThrownBy(keys::grant)
          .isInstanceOf(ServerFailure.Unreachable.class)
          .hasMessageContaining("UNAVAILABLE, the answer is lost");
    }

    assertThat(granted).hasValue(1);
  }

  /** Changes 5 to 8 are lost: the first watch was to begin with 5, the second begins with 9. */
  @Test
  void jetcdGoesOnBehindChangesThatItHasNotSeen() {
    try (Client jetcd = jetcd();
        Watcher _ =
            jetcd
                .getWatchClient()
                .watch(
                    ByteSequence.from("/services/user/", StandardCharsets.UTF_8),
                    WatchOption.builder().withRevision(SEEN).build(),
                    _ -> {})) {
      await().atMost(Duration.ofMinutes(1)).until(() -> watchedFrom.size() == 2);
    }

    assertThat(watchedFrom).containsExactly(SEEN, CURRENT);
  }

  private Client jetcd() {
    return Client.builder().endpoints("http://127.0.0.1:" + etcd.getPort()).build();
  }

  /** Grants, and breaks before it could say so, the first time. */
  private final class LosesItsFirstAnswer extends LeaseGrpc.LeaseImplBase {
    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> response) {
      if (granted.incrementAndGet() == 1) {
        response.onError(
            Status.UNAVAILABLE.withDescription("the answer is lost").asRuntimeException());
      } else {
        response.onNext(LeaseGrantResponse.newBuilder().setID(7).setTTL(60).build());
        response.onCompleted();
      }
    }
  }

  /** Says that a watch begins, and breaks before the first change, the first time. */
  private final class BreaksItsFirstWatch extends WatchGrpc.WatchImplBase {
    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> response) {
      return new StreamObserver<>() {
        @Override
        public void onNext(WatchRequest request) {
          watchedFrom.add(request.getCreateRequest().getStartRevision());
          if (watchedFrom.size() == 1) {
            response.onNext(
                WatchResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder().setRevision(CURRENT))
                    .setCreated(true)
                    .build());
            response.onError(
                Status.UNAVAILABLE.withDescription("connection broken").asRuntimeException());
          }
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
      };
    }
  }
}
