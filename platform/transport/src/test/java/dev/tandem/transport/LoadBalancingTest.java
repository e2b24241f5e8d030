package dev.tandem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadBalancingTest {

  private static final byte[] HELLO = {1, 2, 3};
  private static final Ports PORTS = new Ports();

  private final List<AutoCloseable> toClose = new ArrayList<>();

  @BeforeAll
  static void register() {
    NameResolverRegistry.getDefaultRegistry().register(PORTS);
  }

  @AfterAll
  static void deregister() {
    NameResolverRegistry.getDefaultRegistry().deregister(PORTS);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose.reversed()) {
      closeable.close();
    }
  }

  @Test
  void pickFirstStaysWithOneServer() throws Exception {
    EchoServer first = serve(1);
    EchoServer second = serve(1);
    ManagedChannel channel = open("pick-first", first, second);

    say(channel, 20);

    assertThat(List.of(first.calls(), second.calls())).containsExactlyInAnyOrder(20, 0);
  }

  /** Weights come from the servers' reports; until there are any, they take turns (gRFC A58). */
  @ParameterizedTest
  @ValueSource(strings = {"round-robin", "weighted-round-robin"})
  void roundRobinTakesTurns(String policy) throws Exception {
    EchoServer first = serve(1);
    EchoServer second = serve(1);
    ManagedChannel channel = open(policy, first, second);
    callUntilBothAnswered(channel, first, second);
    int firstBefore = first.calls();
    int secondBefore = second.calls();

    say(channel, 20);

    assertThat(first.calls() - firstBefore).isEqualTo(10);
    assertThat(second.calls() - secondBefore).isEqualTo(10);
  }

  /** After gRFC A58's ten seconds, in which what a server says at first is not believed. */
  @Test
  void weightedRoundRobinGivesLessToTheServerThatSaysItIsBusier() throws Exception {
    EchoServer busy = reporting(0.9);
    EchoServer free = reporting(0.1);
    ManagedChannel channel = open("weighted-round-robin", busy, free);

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              int busyBefore = busy.calls();
              int freeBefore = free.calls();
              say(channel, 100);
              assertThat(free.calls() - freeBefore)
                  .as("calls of the free one, of a hundred")
                  .isGreaterThan(2 * (busy.calls() - busyBefore));
            });
    assertThat(busy.calls()).as("nobody is left out").isPositive();
  }

  @Test
  void leastRequestAvoidsTheServerThatIsBusy() throws Exception {
    EchoServer busy = serve(1000);
    EchoServer free = serve(1);
    ManagedChannel channel = open("least-request", busy, free);
    callUntilBothAnswered(channel, busy, free);
    List<ListenableFuture<byte[]>> meetings = new ArrayList<>();
    for (int call = 0; call < 20; call++) {
      meetings.add(
          ClientCalls.futureUnaryCall(
              channel.newCall(EchoServer.MEET, CallOptions.DEFAULT), HELLO));
    }
    // Only the free server lets its meetings end; how many of them it gets is up to chance.
    await().until(() -> meetings.stream().anyMatch(ListenableFuture::isDone));
    int busyBefore = busy.calls();
    int freeBefore = free.calls();

    say(channel, 100);

    // It looks at two at random, which are the same one now and then.
    assertThat(free.calls() - freeBefore).isGreaterThan(busy.calls() - busyBefore);
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_REQUEST", "WEIGHTED_ROUND_ROBIN"})
  void aPolicyThatIsNotThereIsRefused(LoadBalancing policy) {
    LoadBalancerRegistry registry = LoadBalancerRegistry.getDefaultRegistry();
    LoadBalancerProvider provider =
        Objects.requireNonNull(registry.getProvider(policy.policy()), policy.policy());
    registry.deregister(provider);
    try {
      assertThatExceptionOfType(WrongSettingException.class)
          .isThrownBy(
              () ->
                  new ChannelFactory(
                      Settings.of(
                          "channels.user.target",
                          "user:9000",
                          "channels.user.load-balancing",
                          policy.name()),
                      TlsIdentity.none(),
                      List.of()))
          .withMessage(
              "tandem.transport.channels.\"user\".load-balancing=%s: needs io.grpc:grpc-xds among"
                  + " the dependencies; add it, or take pick-first or round-robin",
              policy.setting());
    } finally {
      registry.register(provider);
    }
  }

  private EchoServer reporting(double utilization) throws Exception {
    EchoServer server = EchoServer.reporting(new ServerLoad(() -> utilization, System::nanoTime));
    toClose.add(server);
    return server;
  }

  private EchoServer serve(int meeting) throws Exception {
    EchoServer server = EchoServer.with(Settings.of(), TlsIdentity.none(), meeting);
    toClose.add(server);
    return server;
  }

  private ManagedChannel open(String policy, EchoServer first, EchoServer second) {
    ManagedChannel channel =
        new ChannelFactory(
                Settings.of(
                    "channels.echo.target",
                    Ports.target(first.port(), second.port()),
                    "channels.echo.load-balancing",
                    policy),
                TlsIdentity.none(),
                List.of())
            .open("echo");
    toClose.add(channel::shutdownNow);
    return channel;
  }

  private static void callUntilBothAnswered(
      ManagedChannel channel, EchoServer first, EchoServer second) {
    await()
        .until(
            () -> {
              say(channel, 1);
              return first.calls() > 0 && second.calls() > 0;
            });
  }

  private static void say(ManagedChannel channel, int times) {
    for (int call = 0; call < times; call++) {
      byte[] reply =
          ClientCalls.blockingUnaryCall(
              channel,
              EchoServer.SAY,
              CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
              HELLO);
      assertThat(reply).isEqualTo(HELLO);
    }
  }
}
