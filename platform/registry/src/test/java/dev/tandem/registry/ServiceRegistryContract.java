package dev.tandem.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every registry does, shown on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServiceRegistryContract {

  private static final AtomicInteger SERVICES = new AtomicInteger();

  private final List<AutoCloseable> open = new ArrayList<>();
  private RegistryServer server;
  private Toxiproxy proxy;

  /** Each test's own, so that one server does for all. */
  private String service;

  abstract RegistryServer start() throws Exception;

  final RegistryServer server() {
    return server;
  }

  @BeforeAll
  void startServers() throws Exception {
    server = start();
    proxy = new Toxiproxy();
  }

  @AfterAll
  void stopServers() {
    server.close();
    proxy.close();
  }

  @BeforeEach
  void nameService() {
    service = "user" + SERVICES.incrementAndGet();
  }

  @AfterEach
  void closeRegistries() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
    open.clear();
  }

  @Test
  void aListenerHearsWhatIsThereAndThenOfEachChange() {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    awaitPresent(registry.register(instance("a", 100)));
    RecordedViews views = watch(open(RegistryMeter.NONE));
    views.awaitLast(instance("a", 100));

    Registration second = registry.register(instance("b", 100));
    views.awaitLast(instance("a", 100), instance("b", 100));
    second.offer(instance("b", 5));
    views.awaitLast(instance("a", 100), instance("b", 5));
    second.close();
    views.awaitLast(instance("a", 100));

    assertThat(views.all()).hasSize(4);
    assertThat(views.all()).extracting(Instances::revision).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aServiceWithoutInstancesIsKnownToHaveNone() {
    RecordedViews views = watch(open(RegistryMeter.NONE));

    views.awaitLast();
  }

  @Test
  void servicesWhoseNamesBeginAlikeAreNotMixed() {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    awaitPresent(
        registry.register(
            new Instance(service + "-admin", "a", new Address("h", 1), "1", "", "", 1)));

    RecordedViews views = watch(registry);

    views.awaitLast();
  }

  @Test
  void anInstanceThatIsWithdrawnComesBackWhenItIsOffered() {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    Registration registration = registry.register(instance("a", 100));
    RecordedViews views = watch(registry);
    views.awaitLast(instance("a", 100));

    registration.withdraw();
    views.awaitLast();
    assertThat(stateOf(registration, RegistrationState.Absent.class::isInstance)).isNotNull();
    registration.offer(instance("a", 7));

    views.awaitLast(instance("a", 7));
  }

  @Test
  void closingTheRegistryTakesItsInstancesOutAtOnce() {
    ServiceRegistry leaving = open(RegistryMeter.NONE, "lease", "10m");
    RecordedViews views = watch(open(RegistryMeter.NONE));
    awaitPresent(leaving.register(instance("a", 100)));
    views.awaitLast(instance("a", 100));

    leaving.close();

    views.awaitLast();
  }

  @Test
  void anIdThatAnotherProcessHasIsRefusedUntilThatGoes() {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    Registration first = registry.register(instance("a", 100));
    awaitPresent(first);
    Registration second = open(RegistryMeter.NONE).register(instance("a", 7));

    RegistrationState state = stateOf(second, RegistrationState.Refused.class::isInstance);
    assertThat(((RegistrationState.Refused) state).problem())
        .contains(
            "another process holds this id", "a.example:9000", "tandem.registry.self.instance");
    assertThat(watch(registry).awaitLast(now -> !now.isEmpty()))
        .containsExactly(instance("a", 100));

    first.close();
    awaitPresent(second);
  }

  @Test
  void valuesThatAreNoInstancesAreSkippedAndCountedOnce() throws Exception {
    RecordingMeter meter = new RecordingMeter();
    ServiceRegistry registry = open(meter);
    server.put(service + "/broken", "{\"address\": ".getBytes(UTF_8));
    server.put(service + "/binary", new byte[] {(byte) 0xff, 0, 7});
    server.put(service + "/empty", new byte[0]);
    server.put(service + "/a/nested", "{\"address\":\"h:1\"}".getBytes(UTF_8));
    server.put(service + "/nowhere", "{\"weight\":1}".getBytes(UTF_8));
    RecordedViews views = watch(registry);
    views.awaitLast();

    server.put(service + "/b", "{\"address\":\"[::1]:9000\",\"later\":[1]}".getBytes(UTF_8));

    views.awaitLast(new Instance(service, "b", new Address("::1", 9000), "", "", "", 100));
    assertThat(meter.skipped).hasValue(5);
    server.delete(service + "/b");
    views.awaitLast();
    assertThat(meter.skipped).hasValue(5);
  }

  @Test
  void aLeaseThatIsLostIsTakenAgainAndTheInstancePutAgain() throws Exception {
    RecordingMeter meter = new RecordingMeter();
    awaitPresent(open(meter, "lease", RegistryServer.SHORT_LEASE).register(instance("a", 100)));
    RecordedViews views = watch(open(RegistryMeter.NONE));
    views.awaitLast(instance("a", 100));

    server.endLeases();

    await().atMost(ServerProcess.LIMIT).until(() -> meter.reregistered.get() == 1);
    views.awaitLast(instance("a", 100));
    assertThat(views.all())
        .extracting(Instances::instances)
        .containsExactly(List.of(instance("a", 100)), List.of(), List.of(instance("a", 100)));
  }

  @Test
  void anInstanceThatIsCutOffIsGoneWithinItsLeaseAndComesBack() throws Exception {
    Toxiproxy.Way way = proxy.to(service, server.address());
    RecordingMeter meter = new RecordingMeter();
    Registration registration =
        open(meter, "endpoints", way.entrance().toString(), "lease", RegistryServer.SHORT_LEASE)
            .register(instance("a", 100));
    awaitPresent(registration);
    RecordedViews views = watch(open(RegistryMeter.NONE));
    views.awaitLast(instance("a", 100));

    way.block();
    views.awaitLast();
    assertThat(stateOf(registration, RegistrationState.Unreachable.class::isInstance)).isNotNull();
    way.free();

    views.awaitLast(instance("a", 100));
    assertThat(meter.reregistered).hasPositiveValue();
  }

  @Test
  void anInstanceWhoseProcessIsKilledIsGoneWithinItsLease() throws Exception {
    RecordedViews views = watch(open(RegistryMeter.NONE));
    try (ServerProcess process = startInstance()) {
      views.awaitLast(instance("a", 100));

      process.kill();

      views.awaitLast();
    }
  }

  @Test
  void anInstanceWhoseProcessIsPausedIsGoneWithinItsLeaseAndComesBack() throws Exception {
    RecordedViews views = watch(open(RegistryMeter.NONE));
    try (ServerProcess process = startInstance()) {
      views.awaitLast(instance("a", 100));

      process.pause();
      views.awaitLast();
      process.resume();

      views.awaitLast(instance("a", 100));
    }
  }

  private ServerProcess startInstance() throws Exception {
    return InstanceProcess.start(
        server.getClass(), settings("lease", RegistryServer.SHORT_LEASE), instance("a", 100));
  }

  @Test
  void withTheRegistryGoneClientsKeepWhatTheyKnowAndSaySo() throws Exception {
    RecordingMeter meter = new RecordingMeter();
    ServiceRegistry registry = open(meter);
    Registration registration = registry.register(instance("a", 100));
    awaitPresent(registration);
    RecordedViews views = new RecordedViews();
    Watch watch = registry.watch(service, views);
    views.awaitLast(instance("a", 100));
    awaitFreshness(watch, Freshness.Current.class::isInstance);

    server.kill();
    try {
      awaitFreshness(watch, Freshness.Stale.class::isInstance);
      assertThat(views.all()).hasSize(1);
      assertThat(watch.latest().orElseThrow().instances()).containsExactly(instance("a", 100));
      assertThat(meter.knowledgeOf(service).instances()).isEqualTo(1);
      assertThat(meter.knowledgeOf(service).freshness()).isInstanceOf(Freshness.Stale.class);
      RecordedViews late = watch(registry);
      late.awaitLast(instance("a", 100));
    } finally {
      server.restart();
    }

    awaitFreshness(watch, Freshness.Current.class::isInstance);
    registration.offer(instance("a", 7));
    views.awaitLast(instance("a", 7));
  }

  @Test
  void aServerThatIsPausedIsNoticedAndItsNewsArriveWhenItGoesOn() throws Exception {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    Registration registration = registry.register(instance("a", 100));
    RecordedViews views = new RecordedViews();
    Watch watch = registry.watch(service, views);
    views.awaitLast(instance("a", 100));

    server.pause();
    try {
      awaitFreshness(watch, Freshness.Stale.class::isInstance);
      registration.offer(instance("a", 7));
      assertThat(stateOf(registration, RegistrationState.Unreachable.class::isInstance))
          .isNotNull();
    } finally {
      server.resume();
    }

    views.awaitLast(instance("a", 7));
    awaitFreshness(watch, Freshness.Current.class::isInstance);
  }

  /** The server may do, when it goes on, what was asked of it before and given up. */
  @Test
  void whatWasWishedForAndTakenBackWhileNobodyAnsweredIsNotInTheRegistry() throws Exception {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    Registration stays = registry.register(instance("a", 100));
    Registration goes = registry.register(instance("b", 100));
    awaitPresent(stays);
    awaitPresent(goes);
    RecordedViews views = watch(registry);

    server.pause();
    try {
      stays.offer(instance("a", 7));
      goes.offer(instance("b", 7));
      var _ = stateOf(stays, RegistrationState.Unreachable.class::isInstance);
      var _ = stateOf(goes, RegistrationState.Unreachable.class::isInstance);
      stays.offer(instance("a", 100));
      goes.withdraw();
    } finally {
      server.resume();
    }

    awaitPresent(stays);
    var _ = stateOf(goes, RegistrationState.Absent.class::isInstance);
    views.awaitLast(instance("a", 100));
    // A change that comes after all of them, on the same way: nothing else is to come.
    awaitPresent(registry.register(instance("c", 1)));
    views.awaitLast(instance("a", 100), instance("c", 1));
  }

  @Test
  void aRegistryThatIsNotThereYetKeepsNobodyFromStarting() throws Exception {
    server.kill();
    ServiceRegistry registry = open(RegistryMeter.NONE);
    RecordedViews views = new RecordedViews();
    Registration registration;
    try {
      registration = registry.register(instance("a", 100));
      Watch watch = registry.watch(service, views);
      assertThat(stateOf(registration, RegistrationState.Unreachable.class::isInstance))
          .isNotNull();
      await().atMost(ServerProcess.LIMIT).until(() -> !views.problems().isEmpty());
      assertThat(watch.latest()).isEmpty();
      assertThat(watch.freshness()).isInstanceOf(Freshness.Unknown.class);
    } finally {
      server.restart();
    }

    awaitPresent(registration);
    views.awaitLast(instance("a", 100));
  }

  @Test
  void aListenerThatHangsHoldsUpNobodyAndThenHearsTheNewest() throws Exception {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RecordedViews slow = new RecordedViews();
    var _ =
        registry.watch(
            service,
            instances -> {
              hangs.countDown();
              awaitQuietly(goOn);
              slow.changed(instances);
            });
    hangs.await();
    RecordedViews quick = watch(registry);
    Registration registration = registry.register(instance("a", 1));
    for (int weight = 2; weight <= 20; weight++) {
      quick.awaitLast(instance("a", weight - 1));
      registration.offer(instance("a", weight));
    }
    quick.awaitLast(instance("a", 20));

    goOn.countDown();

    slow.awaitLast(instance("a", 20));
    assertThat(slow.all()).hasSize(2);
  }

  @Test
  void aWatchThatIsClosedHearsNothingMore() {
    ServiceRegistry registry = open(RegistryMeter.NONE);
    RecordedViews closed = new RecordedViews();
    Watch watch = registry.watch(service, closed);
    closed.awaitLast();
    RecordedViews stays = watch(registry);

    watch.close();
    awaitPresent(registry.register(instance("a", 100)));

    stays.awaitLast(instance("a", 100));
    assertThat(closed.all()).hasSize(1);
  }

  @Test
  void namesThatWouldEndUpInAnotherFolderAreRefused() {
    ServiceRegistry registry = open(RegistryMeter.NONE);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> registry.watch("user/a", _ -> {}))
        .withMessageContaining("\"user/a\" is no name of a service");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Instance("user", "../b", new Address("b.example", 9000), "1", "", "", 1))
        .withMessageContaining("\"../b\" is no name of an instance");
  }

  final Instance instance(String id, int weight) {
    return new Instance(
        service, id, new Address(id + ".example", 9000), "1.0", "shanghai", "cn-east", weight);
  }

  final Map<String, String> settings(String... more) {
    return TestSettings.with(
        Map.of(
            "endpoints", server.address().toString(),
            "lease", "20s",
            "heartbeat", "1s",
            "timeout", "2s",
            "retry", "500ms"),
        more);
  }

  /** A client of the server's, closed at the end of the test. */
  final ServiceRegistry open(RegistryMeter meter, String... more) {
    ServiceRegistry registry = server.open(settings(more), meter);
    open.add(registry);
    return registry;
  }

  final RecordedViews watch(ServiceRegistry registry) {
    RecordedViews views = new RecordedViews();
    var _ = registry.watch(service, views);
    return views;
  }

  static RegistrationState stateOf(
      Registration registration, Predicate<RegistrationState> description) {
    return await("the registration's state")
        .atMost(ServerProcess.LIMIT)
        .until(registration::state, description);
  }

  static void awaitPresent(Registration registration) {
    var _ = stateOf(registration, RegistrationState.Present.class::isInstance);
  }

  static void awaitFreshness(Watch watch, Predicate<Freshness> description) {
    var _ =
        await("the watch's freshness")
            .atMost(ServerProcess.LIMIT)
            .until(watch::freshness, description);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
