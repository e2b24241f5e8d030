package dev.tandem.lifecycle;

import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.ECHO;
import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.HANG;
import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.HOLD;
import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.SERVICE;
import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.lifecycle.RawHttp2Client.GoAway;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGTERM to a real process with calls in flight. */
@Timeout(300)
class TerminationTest {

  private static final Map<String, String> PATIENT =
      Map.of("tandem.lifecycle.leave-timeout", "60s", "tandem.lifecycle.drain-timeout", "60s");

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int CALLERS = 16;

  private static Path jar;

  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeAll
  static void packageTheApplication() throws Exception {
    jar = RehearsalProcess.packaged();
  }

  private ManagedChannel connectTo(RehearsalProcess process) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", process.grpcPort()).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  @AfterEach
  void disconnect() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  @Test
  void whoIsInFlightIsServedAndWhoComesLateIsSentElsewhere() throws Exception {
    try (RehearsalProcess process = RehearsalProcess.start(jar, PATIENT)) {
      ManagedChannel channel = connectTo(process);
      ManagedChannel other = connectTo(process);
      assertThat(unary(other, ECHO)).isEqualTo("hello");
      Future<String> held = call(channel, HOLD);
      Iterator<String> watch = stream(channel, WATCH);
      assertThat(watch.next()).isEqualTo("hello");
      BlockingClientCall<?, HealthCheckResponse> health =
          HealthGrpc.newBlockingV2Stub(channel).watch(HealthCheckRequest.getDefaultInstance());
      assertThat(statusIn(health.read())).isEqualTo(ServingStatus.SERVING);
      RawHttp2Client idle = new RawHttp2Client(process.grpcPort());

      process.terminate();

      process.awaitOutput("leaving");
      assertThat(statusIn(health.read())).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(checkHealth(other, "")).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(checkHealth(other, SERVICE)).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(process.httpStatus("/health/ready")).isEqualTo(503);
      assertThat(process.httpStatus("/health/live")).isEqualTo(200);
      assertThat(process.httpStatus("/health/started")).isEqualTo(200);
      assertThat(unary(other, ECHO)).as("on an old connection while leaving").isEqualTo("hello");
      assertThat(unary(connectTo(process), ECHO))
          .as("on a new connection while leaving")
          .isEqualTo("hello");

      process.cue("left");

      // First "no new streams from the highest possible on", after a round trip "none that I have
      // not seen".
      assertThat(idle.readToTheEnd())
          .containsExactly(new GoAway(Integer.MAX_VALUE, 0), new GoAway(0, 0));
      idle.close();
      assertThat(watch.hasNext()).as("the watch ends with OK").isFalse();
      assertThatThrownBy(health::read)
          .hasMessageStartingWith("UNAVAILABLE: this server is going away");
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), process.grpcPort()))
          .isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> unary(other, ECHO))
          .as("a client that knows no other server")
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
      assertThat(process.httpStatus("/health/live")).isEqualTo(200);
      assertThat(held.isDone()).isFalse();

      process.cue("finish");

      assertThat(held.get()).isEqualTo("hello from the open pool");
      assertThat(process.awaitExit()).isZero();
      assertThat(process.output())
          .containsSubsequence(
              "health says NOT_SERVING",
              "leaving",
              "left",
              "No longer accepting",
              "ending streams",
              "held call answered",
              "0 cut off",
              "pool closed");
    }
  }

  @Test
  void aClientOfTwoServersDoesNotNoticeThatOneGoes() throws Exception {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    Map<SocketAddress, Long> served = new ConcurrentHashMap<>();
    AtomicBoolean enough = new AtomicBoolean();
    try (RehearsalProcess going = RehearsalProcess.start(jar, Map.of());
        RehearsalProcess staying = RehearsalProcess.start(jar, Map.of());
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      going.cue("left");
      ManagedChannel channel = connectTo(List.of(going.grpcPort(), staying.grpcPort()));
      for (int caller = 0; caller < CALLERS; caller++) {
        callers.execute(
            () -> {
              while (!enough.get()) {
                callOnce(channel, served, failures);
              }
            });
      }
      await().atMost(PATIENCE).until(() -> served.size() == 2);

      going.terminate();

      assertThat(going.awaitExit()).isZero();
      long before = served(served);
      await().atMost(PATIENCE).until(() -> served(served) > before + 10 * CALLERS);
      enough.set(true);
    }
    assertThat(failures).as("failed calls of %d", served(served)).isEmpty();
  }

  /** Without a retry policy: whatever fails is a failure. */
  private static void callOnce(
      ManagedChannel channel, Map<SocketAddress, Long> served, Queue<String> failures) {
    ClientCall<String, String> call = channel.newCall(ECHO, options());
    try {
      ClientCalls.blockingUnaryCall(call, "hello");
      SocketAddress server = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      served.merge(Objects.requireNonNull(server), 1L, Long::sum);
    } catch (StatusRuntimeException e) {
      failures.add(e.toString());
    }
  }

  private static long served(Map<SocketAddress, Long> byServer) {
    return byServer.values().stream().mapToLong(Long::longValue).sum();
  }

  private ManagedChannel connectTo(List<Integer> ports) {
    FixedServers servers = new FixedServers(ports);
    NameResolverRegistry.getDefaultRegistry().register(servers);
    try {
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(servers.target())
              .defaultLoadBalancingPolicy("round_robin")
              .usePlaintext()
              .build();
      channels.add(channel);
      return channel;
    } finally {
      NameResolverRegistry.getDefaultRegistry().deregister(servers);
    }
  }

  @Test
  void aCallThatNeverEndsIsEndedAtTheDrainTimeout() throws Exception {
    try (RehearsalProcess process =
        RehearsalProcess.start(jar, Map.of("tandem.lifecycle.drain-timeout", "500ms"))) {
      process.cue("left");
      Future<String> hanging = call(connectTo(process), HANG);
      process.awaitOutput("a call hangs");

      process.terminate();

      assertThatThrownBy(hanging::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .hasMessage(
              "UNAVAILABLE: this server is going away and has waited for tandem.lifecycle.drain-timeout (PT0.5S): try another");
      assertThat(process.awaitExit()).isZero();
      assertThat(process.output()).containsSubsequence("1 cut off", "pool closed");
    }
  }

  @Test
  void whoDoesNotLeaveIsLeftBehind() throws Exception {
    try (RehearsalProcess process =
        RehearsalProcess.start(jar, Map.of("tandem.lifecycle.leave-timeout", "100ms"))) {

      process.terminate();

      assertThat(process.awaitExit()).isZero();
      assertThat(process.output())
          .containsSubsequence("did not leave within PT0.1S", "No longer accepting", "pool closed");
    }
  }

  @Test
  void callsAreTakenForTheWithdrawDelay() throws Exception {
    try (RehearsalProcess process =
        RehearsalProcess.start(jar, Map.of("tandem.lifecycle.withdraw-delay", "60s"))) {
      process.cue("left");

      process.terminate();

      process.awaitOutput("\nleft");
      assertThat(unary(connectTo(process), ECHO)).isEqualTo("hello");
      assertThat(process.output()).doesNotContain("No longer accepting");
    }
  }

  @Test
  void aWrongSettingStopsTheStartAndNamesKeyValueAndFix() throws Exception {
    try (RehearsalProcess process =
        RehearsalProcess.launch(jar, Map.of("tandem.lifecycle.drain-timeout", "0s"))) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.output())
          .contains(
              "tandem.lifecycle.drain-timeout is PT0S: it must be longer than zero; set it to a duration such as 20s");
    }
  }

  private static ServingStatus checkHealth(ManagedChannel channel, String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static ServingStatus statusIn(@Nullable HealthCheckResponse response) {
    return Objects.requireNonNull(response).getStatus();
  }

  private static String unary(ManagedChannel channel, MethodDescriptor<String, String> method) {
    return ClientCalls.blockingUnaryCall(channel, method, options(), "hello");
  }

  private static Future<String> call(
      ManagedChannel channel, MethodDescriptor<String, String> method) {
    return ClientCalls.futureUnaryCall(channel.newCall(method, options()), "hello");
  }

  private static Iterator<String> stream(
      ManagedChannel channel, MethodDescriptor<String, String> method) {
    return ClientCalls.blockingServerStreamingCall(channel, method, options(), "hello");
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(240, TimeUnit.SECONDS);
  }
}
