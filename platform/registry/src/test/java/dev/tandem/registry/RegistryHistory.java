package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Writes and watches while the server is killed, paused and cut off, keeps every wish and every
 * view, and compares them. The instances' weights are their versions: the wishes for an instance
 * are 1, 2, 3 and so on, each after the registry had the one before; every few wishes it is
 * withdrawn in between, and at the end of each round another instance stays away until the next.
 *
 * <p>What is seen is right when
 *
 * <ul>
 *   <li>no view is like the one before, and none is older (nothing is duplicated or reordered);
 *   <li>in the views, an instance never goes back to an earlier weight, and never has one that was
 *       not wished for (nothing is reordered or made up);
 *   <li>after every accident each watcher comes to see the last wish for every instance, and none
 *       that stays away (nothing is lost).
 * </ul>
 *
 * <p>That an instance is away for a while is right: its lease may have run out in an accident.
 */
abstract class RegistryHistory {

  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("tandem.history.seconds", 20));

  private static final int WRITERS = 3;
  private static final int WATCHERS = 2;
  private static final int WISHES_A_ROUND = 20;
  private static final int WITHDRAWN_EVERY = 7;
  private static final int HASTY_EVERY = 6;
  private static final String SERVICE = "user";

  abstract RegistryServer start() throws Exception;

  /** Further checks of all that was seen. */
  void check(RegistryServer server, List<Instances> views) {}

  /** An accident, which lasts until its end is called for. */
  private record Accident(String name, Step begin, Step end) {}

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  @Test
  void noUpdateIsLostDuplicatedOrReordered() throws Exception {
    try (RegistryServer server = start();
        Toxiproxy proxy = new Toxiproxy();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Toxiproxy.Way ofWriters = proxy.to("writers", server.address());
      Toxiproxy.Way ofWatchers = proxy.to("watchers", server.address());
      List<Accident> accidents =
          List.of(
              new Accident("none", () -> {}, () -> {}),
              new Accident("kill", server::kill, server::restart),
              new Accident("pause", server::pause, server::resume),
              new Accident("watchers cut off", ofWatchers::block, ofWatchers::free),
              new Accident("writers cut off", ofWriters::block, ofWriters::free));
      List<Writer> writers = new ArrayList<>();
      List<Watcher> watchers = new ArrayList<>();
      try {
        for (int number = 0; number < WRITERS; number++) {
          writers.add(new Writer(open(server, ofWriters), "i" + number));
        }
        for (int number = 0; number < WATCHERS; number++) {
          watchers.add(new Watcher(open(server, ofWatchers)));
        }
        int rounds = 0;
        long begin = System.nanoTime();
        while (rounds < accidents.size() || System.nanoTime() - begin < LENGTH.toNanos()) {
          goThrough(
              accidents.get(rounds % accidents.size()),
              writers,
              writers.get(rounds % WRITERS),
              watchers,
              threads);
          rounds++;
        }
        report(rounds, writers, watchers);
        for (Watcher watcher : watchers) {
          judge(watcher.views.all(), writers);
          check(server, watcher.views.all());
        }
      } finally {
        writers.forEach(Writer::close);
        watchers.forEach(Watcher::close);
      }
    }
  }

  private static ServiceRegistry open(RegistryServer server, Toxiproxy.Way way) {
    return server.open(
        Map.of(
            "endpoints", way.entrance().toString(),
            "lease", RegistryServer.SHORT_LEASE,
            "heartbeat", "500ms",
            "timeout", "1s",
            "retry", "500ms"),
        RegistryMeter.NONE);
  }

  /** Writers write before, in and after the accident; it lasts until somebody has felt it. */
  private static void goThrough(
      Accident accident,
      List<Writer> writers,
      Writer leaver,
      List<Watcher> watchers,
      ExecutorService threads)
      throws Exception {
    List<Future<?>> writing = new ArrayList<>();
    for (Writer writer : writers) {
      writer.beginning = writer.wish.get();
      writing.add(threads.submit(() -> writer.write(writer.equals(leaver))));
    }
    await("wishes before \"%s\"".formatted(accident.name()))
        .atMost(ServerProcess.LIMIT)
        .until(() -> writers.stream().allMatch(writer -> writer.round() >= WISHES_A_ROUND / 4));
    accident.begin().run();
    try {
      await("\"%s\" to be felt".formatted(accident.name()))
          .atMost(ServerProcess.LIMIT)
          .until(
              () ->
                  writing.stream().allMatch(Future::isDone)
                      || writers.stream().anyMatch(Writer::feelsIt)
                      || watchers.stream().anyMatch(Watcher::feelsIt));
    } finally {
      accident.end().run();
    }
    for (Future<?> writer : writing) {
      var _ = writer.get(ServerProcess.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
    Map<String, Integer> wished = new TreeMap<>();
    writers.stream()
        .filter(writer -> !writer.equals(leaver))
        .forEach(writer -> wished.put(writer.id, writer.wish.get()));
    for (Watcher watcher : watchers) {
      await("the last wishes to be seen after \"%s\"".formatted(accident.name()))
          .atMost(ServerProcess.LIMIT)
          .untilAsserted(() -> assertThat(weights(watcher.views.last())).isEqualTo(wished));
    }
  }

  private static Map<String, Integer> weights(List<Instance> instances) {
    Map<String, Integer> weights = new TreeMap<>();
    instances.forEach(instance -> weights.put(instance.id(), instance.weight()));
    return weights;
  }

  private static void judge(List<Instances> views, List<Writer> writers) {
    Map<String, Integer> wishes = new TreeMap<>();
    writers.forEach(writer -> wishes.put(writer.id, writer.wish.get()));
    Map<String, Integer> seen = new TreeMap<>();
    Instances before = new Instances(SERVICE, -1, List.of());
    for (Instances view : views) {
      assertThat(view.revision()).as("%s after %s", view, before).isGreaterThan(before.revision());
      if (before.revision() >= 0) {
        assertThat(view.instances()).as("a duplicate").isNotEqualTo(before.instances());
      }
      weights(view.instances())
          .forEach(
              (id, weight) -> {
                assertThat(weight)
                    .as("%s in %s", id, view)
                    .isBetween(seen.getOrDefault(id, 1), wishes.getOrDefault(id, 0));
                seen.put(id, weight);
              });
      before = view;
    }
  }

  private void report(int rounds, List<Writer> writers, List<Watcher> watchers) {
    System.out.printf(
        "%s: %d rounds, %d wishes, views %s%n",
        getClass().getSimpleName(),
        rounds,
        writers.stream().mapToInt(writer -> writer.wish.get()).sum(),
        watchers.stream().map(watcher -> watcher.views.all().size()).toList());
  }

  /** One instance, whose weight is its version. */
  private static final class Writer implements AutoCloseable {

    private final ServiceRegistry registry;
    private final String id;
    private final Registration registration;
    private final AtomicInteger wish = new AtomicInteger(1);
    private volatile int beginning = 1;

    private Writer(ServiceRegistry registry, String id) {
      this.registry = registry;
      this.id = id;
      this.registration = registry.register(instance());
    }

    private Instance instance() {
      return new Instance(SERVICE, id, new Address(id + ".example", 9000), "1", "", "", wish.get());
    }

    private void write(boolean leaves) {
      while (round() < WISHES_A_ROUND) {
        if (wish.incrementAndGet() % WITHDRAWN_EVERY == 0) {
          withdraw();
        }
        Instance next = instance();
        registration.offer(next);
        if (wish.get() % HASTY_EVERY != 0 || round() == WISHES_A_ROUND) {
          awaitState(new RegistrationState.Present(next));
        }
      }
      if (leaves) {
        withdraw();
      }
    }

    private void withdraw() {
      registration.withdraw();
      awaitState(new RegistrationState.Absent());
    }

    private void awaitState(RegistrationState wished) {
      await("the registry to have " + wished)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .atMost(ServerProcess.LIMIT)
          .until(() -> registration.state().equals(wished));
    }

    private int round() {
      return wish.get() - beginning;
    }

    private boolean feelsIt() {
      return registration.state() instanceof RegistrationState.Unreachable;
    }

    @Override
    public void close() {
      registry.close();
    }
  }

  private static final class Watcher implements AutoCloseable {

    private final ServiceRegistry registry;
    private final RecordedViews views = new RecordedViews();
    private final Watch watch;

    private Watcher(ServiceRegistry registry) {
      this.registry = registry;
      this.watch = registry.watch(SERVICE, views);
    }

    private boolean feelsIt() {
      return watch.freshness() instanceof Freshness.Stale;
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
