package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An instance's own agent, on a real registry, asking a real server over its socket. */
class SelfCheckTest {

  private static EtcdServer etcd;
  private static final AtomicInteger SERVICES = new AtomicInteger();

  private final RecordingMeter meter = new RecordingMeter();
  private final RecordedViews views = new RecordedViews();
  private final Patient patient = new Patient();
  private Server server;
  private ServiceRegistry registry;
  private Instance instance;
  private SelfCheck check;

  @BeforeAll
  static void startRegistry() throws Exception {
    etcd = EtcdServer.start();
  }

  @AfterAll
  static void stopRegistry() {
    etcd.close();
  }

  @BeforeEach
  void start() throws Exception {
    server = serve(0, patient);
    registry = etcd.open(Map.of("endpoints", etcd.address().toString()), meter);
    instance =
        new Instance(
            "user" + SERVICES.incrementAndGet(),
            "a",
            new Address("127.0.0.1", server.getPort()),
            "1",
            "",
            "",
            100);
    var _ = registry.watch(instance.service(), views);
    check =
        new SelfCheck(
            registry,
            instance,
            instance.address(),
            TestSettings.of(
                    Map.of(
                        "health.interval", "20ms",
                        "health.timeout", "1s",
                        "health.failures", "3",
                        "health.successes", "2"))
                .health(),
            meter);
  }

  @AfterEach
  void stop() {
    check.close();
    registry.close();
    server.shutdownNow();
  }

  @Test
  void anInstanceIsRegisteredOnceItServesAndNotBefore() {
    patient.awaitQuestions(5);
    assertThat(check.state()).isEmpty();

    patient.status = ServingStatus.SERVING;

    views.awaitLast(instance);
    assertThat(meter.turns).isEmpty();
  }

  @Test
  void oneAnswerThatIsMissingDoesNotTakeItOut() {
    patient.status = ServingStatus.SERVING;
    views.awaitLast(instance);

    patient.silences.set(1);

    patient.awaitQuestions(10);
    assertThat(patient.silences).hasValue(0);
    assertThat(meter.turns).isEmpty();
    assertThat(views.last()).containsExactly(instance);
  }

  @Test
  void anInstanceThatStopsAnsweringIsTakenOutAndPutBackWhenItAnswers() {
    patient.status = ServingStatus.SERVING;
    views.awaitLast(instance);

    patient.silences.set(Integer.MAX_VALUE);
    views.awaitLast();
    assertThat(meter.turns).containsExactly(false);
    patient.silences.set(0);

    views.awaitLast(instance);
    await().atMost(ServerProcess.LIMIT).until(() -> meter.turns.size() == 2);
    assertThat(meter.turns).containsExactly(false, true);
  }

  @Test
  void anInstanceThatSaysThatItDoesNotServeIsTakenOut() {
    patient.status = ServingStatus.SERVING;
    views.awaitLast(instance);

    patient.status = ServingStatus.NOT_SERVING;

    views.awaitLast();
  }

  @Test
  void anInstanceWhoseServerIsGoneIsTakenOutAndPutBackWithTheNextOne() throws Exception {
    patient.status = ServingStatus.SERVING;
    views.awaitLast(instance);
    int port = server.getPort();

    var _ = server.shutdownNow().awaitTermination(1, TimeUnit.MINUTES);
    views.awaitLast();
    server = serve(port, patient);

    views.awaitLast(instance);
  }

  @Test
  void closingTakesItOutForGood() {
    patient.status = ServingStatus.SERVING;
    views.awaitLast(instance);

    check.close();

    views.awaitLast();
  }

  private static Server serve(int port, BindableService service) throws Exception {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .addService(service)
        .build()
        .start();
  }

  /** Answers, except when it is to be silent. */
  private static final class Patient extends HealthGrpc.HealthImplBase {

    private final AtomicInteger silences = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile ServingStatus status = ServingStatus.NOT_SERVING;

    private void awaitQuestions(int more) {
      int before = asked.get();
      await().atMost(ServerProcess.LIMIT).until(() -> asked.get() >= before + more);
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> response) {
      asked.incrementAndGet();
      if (silences.getAndUpdate(left -> Math.max(left - 1, 0)) == 0) {
        response.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
        response.onCompleted();
      }
    }
  }
}
