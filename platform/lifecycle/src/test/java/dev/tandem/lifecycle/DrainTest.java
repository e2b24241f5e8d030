package dev.tandem.lifecycle;

import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.ECHO;
import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.HOLD;
import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.SERVICE;
import static dev.tandem.lifecycle.rehearsal.RehearsalMethods.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The drain in plain grpc-java, without a framework. */
@Timeout(60)
class DrainTest {

  private static final DrainPlan PATIENT =
      new DrainPlan(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(30));
  private static final DrainPlan HASTY =
      new DrainPlan(Duration.ZERO, Duration.ofSeconds(30), Duration.ofMillis(1));

  private final ServerHealth health = new ServerHealth();
  private final CallsInFlight calls = new CallsInFlight();
  private final BlockingQueue<StreamObserver<String>> held = new LinkedBlockingQueue<>();
  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void serve() throws Exception {
    server =
        NettyServerBuilder.forPort(0)
            .intercept(calls)
            .addService(health.service())
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(
                        ECHO,
                        ServerCalls.asyncUnaryCall(
                            (request, reply) -> {
                              reply.onNext(request);
                              reply.onCompleted();
                            }))
                    .addMethod(
                        HOLD, ServerCalls.asyncUnaryCall((request, reply) -> held.add(reply)))
                    .addMethod(
                        WATCH,
                        ServerCalls.asyncServerStreamingCall(
                            (request, reply) -> {
                              reply.onNext(request);
                              held.add(reply);
                            }))
                    .build())
            .build()
            .start();
    health.report(List.of(SERVICE), true);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void takesItsStepsInOrderAndReturnsAfterTheLastCall() throws Exception {
    Future<String> call = call();
    StreamObserver<String> reply = held.take();
    CountDownLatch streamsAreEnded = new CountDownLatch(1);
    DrainParticipant registry =
        new DrainParticipant() {
          @Override
          public void leave() {
            steps.add("left, health says " + check("") + ", echo says " + echo());
          }

          @Override
          public void endStreams() {
            steps.add("ended streams, accepting: " + !server.isShutdown());
            streamsAreEnded.countDown();
          }
        };

    Future<Drain.Report> drain = start(new Drain(health, calls, List.of(registry), PATIENT));
    streamsAreEnded.await();
    assertThat(drain.isDone()).isFalse();
    reply.onNext("served");
    reply.onCompleted();

    assertThat(call.get()).isEqualTo("served");
    assertThat(drain.get().inFlight()).isEqualTo(1);
    assertThat(drain.get().cutOff()).isZero();
    assertThat(server.isTerminated()).isTrue();
    assertThat(calls.count()).isZero();
    assertThat(steps)
        .containsExactly(
            "left, health says NOT_SERVING, echo says hello", "ended streams, accepting: false");
  }

  @Test
  void letsParticipantsLeaveInTheirOrder() {
    Drain drain =
        new Drain(
            health,
            calls,
            List.of(new Named("second", 2), new Named("first", 1), new Named("third", 3)),
            PATIENT);

    drain.run();

    assertThat(steps).containsExactly("first", "second", "third");
  }

  @Test
  void goesOnWhenAParticipantFails() throws Exception {
    echo();
    DrainParticipant broken =
        new DrainParticipant() {
          @Override
          public void leave() {
            throw new IllegalStateException("the registry is away");
          }

          @Override
          public void endStreams() {
            throw new IllegalStateException("the streams are tangled");
          }
        };

    new Drain(health, calls, List.of(broken, new Named("the other", 1)), PATIENT).run();

    assertThat(steps).containsExactly("the other");
    assertThat(server.isTerminated()).isTrue();
  }

  @Test
  void endsWhatDoesNotEndWithUnavailable() throws Exception {
    Future<String> call = call();
    StreamObserver<String> reply = held.take();
    Iterator<String> watch = watch();
    assertThat(watch.next()).isEqualTo("hello");
    StreamObserver<String> states = held.take();

    Drain.Report report = new Drain(health, calls, List.of(), HASTY).run();

    assertThat(report.cutOff()).isEqualTo(2);
    assertThatThrownBy(call::get)
        .hasMessageContaining("UNAVAILABLE: this server is going away and has waited for");
    assertThatThrownBy(watch::hasNext)
        .hasMessageContaining("UNAVAILABLE: this server is going away");
    // Services that have not noticed go on as if nothing had happened, and break nothing.
    states.onNext("late");
    reply.onNext("late");
    reply.onCompleted();
    assertThat(server.isTerminated()).isTrue();
  }

  @Test
  void tellsWatchersOfItsHealthAndSendsThemAway() throws Exception {
    BlockingClientCall<?, HealthCheckResponse> watcher =
        HealthGrpc.newBlockingV2Stub(channel).watch(HealthCheckRequest.getDefaultInstance());
    assertThat(Objects.requireNonNull(watcher.read()).getStatus()).isEqualTo(ServingStatus.SERVING);

    Drain.Report report = new Drain(health, calls, List.of(), PATIENT).run();

    assertThat(Objects.requireNonNull(watcher.read()).getStatus())
        .isEqualTo(ServingStatus.NOT_SERVING);
    assertThatThrownBy(watcher::read)
        .hasMessage("UNAVAILABLE: this server is going away: ask another");
    assertThat(report.cutOff()).isZero();
  }

  @Test
  void hurriesWhenItIsInterrupted() throws Exception {
    Future<String> call = call();
    held.take();
    CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
    Thread draining =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  new Drain(health, calls, List.of(), PATIENT).run();
                  stillInterrupted.complete(Thread.currentThread().isInterrupted());
                });
    draining.join();

    assertThat(stillInterrupted.get()).isTrue();
    assertThatThrownBy(call::get).isNotNull();
  }

  @Test
  void knowsHowManyCallsAreInFlight() throws Exception {
    Future<String> first = call();
    Future<String> second = call();
    StreamObserver<String> one = held.take();
    StreamObserver<String> other = held.take();
    assertThat(calls.count()).isEqualTo(2);

    one.onNext("done");
    one.onCompleted();
    other.onError(Status.ABORTED.asRuntimeException());

    assertThat(List.of(outcome(first), outcome(second)))
        .containsExactlyInAnyOrder("done", "ABORTED");
    assertThat(calls.count()).isZero();
  }

  private static String outcome(Future<String> call) throws InterruptedException {
    try {
      return call.get();
    } catch (ExecutionException e) {
      return Status.fromThrowable(e).getCode().name();
    }
  }

  private static Future<Drain.Report> start(Drain drain) {
    CompletableFuture<Drain.Report> report = new CompletableFuture<>();
    Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())
        .execute(() -> report.complete(drain.run()));
    return report;
  }

  private Future<String> call() {
    return ClientCalls.futureUnaryCall(channel.newCall(HOLD, options()), "hello");
  }

  private Iterator<String> watch() {
    return ClientCalls.blockingServerStreamingCall(channel, WATCH, options(), "hello");
  }

  private String echo() {
    return ClientCalls.blockingUnaryCall(channel, ECHO, options(), "hello");
  }

  private ServingStatus check(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private final class Named implements DrainParticipant {

    private final String name;
    private final int order;

    private Named(String name, int order) {
      this.name = name;
      this.order = order;
    }

    @Override
    public void leave() {
      steps.add(name);
    }

    @Override
    public int order() {
      return order;
    }
  }
}
