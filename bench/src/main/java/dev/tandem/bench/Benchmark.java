package dev.tandem.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Rounds of the same measurements. In each, every server is started anew, since two processes that
 * run the same code may be compiled differently; all are warmed up; then they are measured in turn,
 * forth and back, so that a machine that becomes slower does so for all.
 */
final class Benchmark {

  private static final Duration TRAINING = Duration.ofSeconds(8);

  /** What a JVM that has compiled nothing yet can send. */
  private static final double TRAINING_RATE = 3000;

  private static final Duration WARM_UP = Duration.ofSeconds(14);
  private static final Duration AT_MOST = Duration.ofSeconds(3);
  private static final Duration STEADY = Duration.ofSeconds(3);

  private final Launcher launcher;
  private final H2load h2load;
  private final SteadyLoad steadyLoad;
  private final List<Variant> variants;
  private final Variant cached;

  /**
   * A benchmark that has not begun.
   *
   * @param cached the one that starts with an AOT cache
   * @param traced the one whose spans go to a collector
   */
  Benchmark(
      Launcher launcher, H2load h2load, SteadyLoad steadyLoad, Variant cached, Variant traced) {
    this.launcher = launcher;
    this.h2load = h2load;
    this.steadyLoad = steadyLoad;
    this.cached = cached;
    this.variants =
        List.of(
            Variant.BARE, Variant.PLATFORM, Variant.NO_AUTH, Variant.NO_LIMITER, cached, traced);
  }

  /**
   * Has the JVM write an AOT cache: a run under load tells it what to load, and which methods are
   * worth compiling (JEP 514, JEP 515).
   */
  void train(Path cache) throws IOException, InterruptedException {
    say("training run for the AOT cache");
    Server server =
        launcher.start(
            Variant.platform("training", "-XX:AOTCacheOutput=" + cache.toAbsolutePath()));
    var _ = h2load.most(server, TRAINING);
    // The generator of the steady load is compiled in this process: not while it is measured.
    var _ = steadyLoad.run(server, TRAINING, TRAINING_RATE);
    server.stop();
    if (!Files.isRegularFile(cache)) {
      throw new IOException("the training run left no AOT cache at " + cache);
    }
    say("AOT cache: %.1f MB", Files.size(cache) / 1e6);
  }

  List<Round> run(int rounds) throws IOException, InterruptedException {
    List<Round> measured = new ArrayList<>();
    for (int number = 1; number <= rounds; number++) {
      say("round %d of %d", number, rounds);
      List<Variant> order = new ArrayList<>(variants);
      Collections.rotate(order, number - 1);
      measured.add(round(order));
    }
    return measured;
  }

  private Round round(List<Variant> order) throws IOException, InterruptedException {
    Map<Variant, Server> servers = new LinkedHashMap<>();
    Map<Variant, Duration> start = new LinkedHashMap<>();
    for (Variant variant : order) {
      Server server = launcher.start(variant);
      servers.put(variant, server);
      start.put(variant, server.start());
    }
    for (Server server : servers.values()) {
      var _ = h2load.most(server, WARM_UP);
    }
    Map<Variant, List<Load>> throughput = new LinkedHashMap<>();
    for (Server server : forthAndBack(servers.values())) {
      Load load = h2load.most(server, AT_MOST);
      throughput.computeIfAbsent(server.variant(), _ -> new ArrayList<>()).add(load);
      say(
          "  %-22s %6.0f calls/s, %5.1f µs of processor time a call",
          server.variant().name(), load.callsPerSecond(), load.microsecondsPerCall());
    }
    double rate = new Round(start, throughput, Map.of()).callsPerSecond(Variant.BARE) / 2;
    Map<Variant, List<Round.Quantiles>> latencies = new LinkedHashMap<>();
    for (Server server :
        forthAndBack(List.of(servers.get(Variant.BARE), servers.get(Variant.PLATFORM)))) {
      Latencies steady = steadyLoad.run(server, STEADY, rate);
      Round.Quantiles quantiles = new Round.Quantiles(steady.quantile(0.5), steady.quantile(0.99));
      latencies.computeIfAbsent(server.variant(), _ -> new ArrayList<>()).add(quantiles);
      say(
          "  %-22s p50 %.0f µs, p99 %.0f µs at %.0f calls/s",
          server.variant().name(), quantiles.p50(), quantiles.p99(), rate);
    }
    for (Server server : servers.values()) {
      server.kill();
    }
    Round round = new Round(start, throughput, latencies);
    say(
        "  first answer after %.0f ms, with the AOT cache after %.0f ms",
        round.startMillis(Variant.PLATFORM), round.startMillis(cached));
    return round;
  }

  private static List<Server> forthAndBack(Collection<Server> servers) {
    List<Server> order = new ArrayList<>(servers);
    order.addAll(order.reversed());
    return order;
  }

  private static void say(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }
}
