package dev.tandem.bench;

import java.io.IOException;
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

  private static final Duration WARM_UP = Duration.ofSeconds(16);
  private static final Duration AT_MOST = Duration.ofSeconds(3);
  private static final Duration STEADY = Duration.ofSeconds(3);

  /** The generator of the steady load is compiled in this process: not while it is measured. */
  private static final Duration GENERATOR_WARM_UP = Duration.ofSeconds(15);

  private final Launcher launcher;
  private final H2load h2load;
  private final SteadyLoad steadyLoad;
  private final Part part;

  /** A benchmark that has not begun. */
  Benchmark(Launcher launcher, H2load h2load, SteadyLoad steadyLoad, Part part) {
    this.launcher = launcher;
    this.h2load = h2load;
    this.steadyLoad = steadyLoad;
    this.part = part;
  }

  List<Round> run(int rounds) throws IOException, InterruptedException {
    say("%s", part.title());
    List<Round> measured = new ArrayList<>();
    for (int number = 1; number <= rounds; number++) {
      say("round %d of %d", number, rounds);
      List<Variant> order = new ArrayList<>(part.variants());
      Collections.rotate(order, number - 1);
      measured.add(round(order, number == 1));
    }
    return measured;
  }

  private Round round(List<Variant> order, boolean first) throws IOException, InterruptedException {
    Map<Variant, List<Duration>> start = new LinkedHashMap<>();
    for (int time = 1; time < part.starts(); time++) {
      for (Variant variant : order) {
        Server server = launcher.start(variant);
        server.kill();
        record(start, variant, server.start());
      }
    }
    Map<Variant, Server> servers = new LinkedHashMap<>();
    for (Variant variant : order) {
      Server server = launcher.start(variant);
      servers.put(variant, server);
      record(start, variant, server.start());
    }
    start.forEach((variant, times) -> say("  %-33s first answer after %s", variant.name(), times));
    for (Server server : servers.values()) {
      var _ = h2load.most(server, WARM_UP);
    }
    Map<Variant, List<Load>> throughput = new LinkedHashMap<>();
    for (Server server : forthAndBack(servers.values())) {
      Load load = h2load.most(server, AT_MOST);
      record(throughput, server.variant(), load);
      say(
          "  %-33s %6.0f calls/s, %5.1f µs of processor time a call",
          server.variant().name(), load.callsPerSecond(), load.microsecondsPerCall());
    }
    Map<Variant, List<Steady>> steady =
        part.steady().isEmpty()
            ? Map.of()
            : steady(part.steady().stream().map(servers::get).toList(), first);
    for (Server server : servers.values()) {
      server.kill();
    }
    return new Round(start, throughput, steady);
  }

  private Map<Variant, List<Steady>> steady(List<Server> servers, boolean first)
      throws IOException, InterruptedException {
    Server reference = servers.getFirst();
    if (first) {
      var _ = steadyLoad.most(reference, GENERATOR_WARM_UP);
    }
    double rate = steadyLoad.most(reference, AT_MOST) / 2;
    Map<Variant, List<Steady>> measured = new LinkedHashMap<>();
    for (Server server : forthAndBack(servers)) {
      Steady load = steadyLoad.run(server, STEADY, rate);
      record(measured, server.variant(), load);
      say(
          "  %-33s p50 %.0f µs, p99 %.0f µs at %.0f calls/s; p99 of what the generator sent late %.0f µs",
          server.variant().name(),
          load.answered().quantile(0.5),
          load.answered().quantile(0.99),
          rate,
          load.sentLate().quantile(0.99));
    }
    return measured;
  }

  private static <T> void record(Map<Variant, List<T>> all, Variant variant, T one) {
    all.computeIfAbsent(variant, _ -> new ArrayList<>()).add(one);
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
