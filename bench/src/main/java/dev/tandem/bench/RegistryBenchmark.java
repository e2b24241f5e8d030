package dev.tandem.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.bench.Comparison.Goal;
import io.etcd.jetcd.api.PutResponse;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How soon a client of the registry calls where a service has moved to, beside how soon etcd's own
 * watch tells of a change; and what a client with very many services costs.
 */
final class RegistryBenchmark {

  private static final int PAIRS = 500;

  /** Classes, connections and compiled code. */
  private static final int PAIRS_BEFORE = 300;

  private static final int INSTANCES = 100;
  private static final int FEW = 10;
  private static final int MANY = 1000;
  private static final int CHANGES = 3000;
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final String RAW_KEY = "/raw/key";

  private final Path binary;
  private final Path work;
  private final Processes processes;

  /**
   * A benchmark that has not begun.
   *
   * @param binary etcd
   * @param work a folder for data and logs
   */
  RegistryBenchmark(Path binary, Path work, Processes processes) {
    this.binary = binary;
    this.work = work;
    this.processes = processes;
  }

  /**
   * One round's figures.
   *
   * @param raw from a put to etcd's event, of each pair, microseconds
   * @param listened from a put to the library's listener
   * @param routed from the same put to the first call that was answered by the service's new place
   * @param connected a new channel's first call, without any registry
   * @param few a client of few services
   * @param many a client of many
   */
  private record Figures(
      Latencies raw,
      Latencies listened,
      Latencies routed,
      Latencies connected,
      Cost few,
      Cost many) {}

  /**
   * What a client used.
   *
   * @param heapMebibytes after a collection, all instances known
   * @param idlePercent of one core, while nothing changed
   * @param changeMicros processor time of one change
   */
  private record Cost(double heapMebibytes, double idlePercent, double changeMicros) {}

  /** All rounds, as tables for people. */
  String run(int rounds) throws IOException, InterruptedException, ExecutionException {
    List<Figures> all = new ArrayList<>();
    for (int number = 1; number <= rounds; number++) {
      Path folder = work.resolve("etcd-" + number);
      try (Etcd etcd = Etcd.start(binary, folder, processes)) {
        Figures round = round(etcd);
        say(
            "round %d of %d: raw p50 %.0f µs, p99 %.0f µs; routed p50 %.0f µs, p99 %.0f µs; a change %.0f µs of %d services, %.0f µs of %d",
            number,
            rounds,
            round.raw.quantile(0.5),
            round.raw.quantile(0.99),
            round.routed.quantile(0.5),
            round.routed.quantile(0.99),
            round.few.changeMicros,
            FEW,
            round.many.changeMicros,
            MANY);
        all.add(round);
      }
    }
    return markdown(all);
  }

  private Figures round(Etcd etcd) throws IOException, InterruptedException, ExecutionException {
    long[] raw = new long[PAIRS];
    long[] listened = new long[PAIRS];
    long[] routed = new long[PAIRS];
    long[] connected = new long[PAIRS];
    try (RawWatch watch = new RawWatch(etcd, RAW_KEY);
        RoutedCalls calls = new RoutedCalls(etcd)) {
      for (int pair = -PAIRS_BEFORE; pair < PAIRS; pair++) {
        long start = System.nanoTime();
        Future<PutResponse> written = etcd.begin(RAW_KEY, Integer.toString(pair));
        long learned = watch.next() - start;
        var _ = written.get();
        RoutedCalls.Move moved = calls.move(etcd);
        long first = calls.connect();
        if (pair >= 0) {
          raw[pair] = learned / 1000;
          listened[pair] = moved.listened() / 1000;
          routed[pair] = moved.routed() / 1000;
          connected[pair] = first / 1000;
        }
      }
    }
    for (int number = 0; number < MANY; number++) {
      etcd.putAll(instancesOf(number));
    }
    return new Figures(
        new Latencies(raw),
        new Latencies(listened),
        new Latencies(routed),
        new Latencies(connected),
        cost(etcd, FEW),
        cost(etcd, MANY));
  }

  private static List<Map.Entry<String, String>> instancesOf(int number) {
    List<Map.Entry<String, String>> instances = new ArrayList<>();
    for (int instance = 0; instance < INSTANCES; instance++) {
      instances.add(Map.entry(key(number, instance), value(instance, "1.0")));
    }
    return instances;
  }

  private static String key(int service, int instance) {
    return "/services/%s/instance-%03d".formatted(RegistryClient.service(service), instance);
  }

  private static String value(int instance, String version) {
    return "{\"address\":\"10.1.2.%d:9000\",\"version\":\"%s\",\"cluster\":\"shanghai\",\"region\":\"cn-east\",\"weight\":100}"
        .formatted(instance, version);
  }

  /** A fresh client's, with as many changes, one after the other, spread over its services. */
  private Cost cost(Etcd etcd, int services) throws IOException, InterruptedException {
    Process client =
        processes.start(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx512m",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RegistryClient.class.getName(),
                    etcd.address(),
                    Integer.toString(services),
                    Integer.toString(INSTANCES))
                .redirectError(work.resolve("registry-client.log").toFile()));
    try (BufferedReader figures = client.inputReader(UTF_8);
        BufferedWriter commands = client.outputWriter(UTF_8)) {
      var _ = figures(figures, "ready");
      // Compiled code first.
      var _ = change(etcd, services, figures);
      long[] before = ask(commands, figures);
      Thread.sleep(IDLE);
      long[] idle = ask(commands, figures);
      long[] last = change(etcd, services, figures);
      return new Cost(
          idle[0] / 1048576.0,
          100.0 * (idle[1] - before[1]) / IDLE.toNanos(),
          (last[1] - idle[1]) / 1000.0 / CHANGES);
    } finally {
      client.destroyForcibly();
    }
  }

  /** Makes all changes, and returns the client's figures when it has seen the last. */
  private long[] change(Etcd etcd, int services, BufferedReader figures) throws IOException {
    for (int change = 1; change < CHANGES; change++) {
      int instance = change / services % INSTANCES;
      etcd.put(key(change % services, instance), value(instance, "1." + change));
    }
    etcd.put(key(0, 0), value(0, RegistryClient.LAST));
    long[] seen = figures(figures, "last");
    etcd.put(key(0, 0), value(0, "1.0"));
    return seen;
  }

  private long[] ask(BufferedWriter commands, BufferedReader figures) throws IOException {
    commands.write("\n");
    commands.flush();
    return figures(figures, "now");
  }

  /** Heap in bytes, processor time in nanoseconds. */
  private long[] figures(BufferedReader lines, String word) throws IOException {
    String line = lines.readLine();
    if (line == null || !line.startsWith(word + " ")) {
      throw new IOException(
          "a client of the registry ended instead of saying '%s': its output is in %s"
              .formatted(word, work.resolve("registry-client.log")));
    }
    String[] parts = line.split(" ", -1);
    return new long[] {Long.parseLong(parts[1]), Long.parseLong(parts[2])};
  }

  private static String markdown(List<Figures> rounds) {
    StringBuilder text = new StringBuilder();
    text.append("| what | against | ratio: median (range) | goal |\n|---|---|---|---|\n");
    text.append(change("change written to call routed, p50", rounds, Figures::routed, 0.5));
    text.append(change("change written to call routed, p99", rounds, Figures::routed, 0.99));
    text.append(change("change written to listener told, p50", rounds, Figures::listened, 0.5));
    text.append(change("change written to listener told, p99", rounds, Figures::listened, 0.99));
    text.append(
        row(
            "processor time of a change, client of %,d services".formatted(MANY),
            "client of %d".formatted(FEW),
            new Goal.AtMost(1.25),
            rounds,
            round -> round.many.changeMicros,
            round -> round.few.changeMicros));
    text.append("\n| how long | p50, µs | p99, µs |\n|---|---|---|\n");
    text.append(latencies("from a put to etcd's event", rounds, Figures::raw));
    text.append(latencies("from a put to the library's listener", rounds, Figures::listened));
    text.append(
        latencies(
            "from the same put to the first call that was answered by the new place",
            rounds,
            Figures::routed));
    text.append(
        latencies("a new channel's first call, without a registry", rounds, Figures::connected));
    text.append(
        "\n| client that watches | heap, MiB | processor while nothing changes, % of a core | a change, µs |\n|---|---|---|---|\n");
    text.append(costs(FEW, rounds, Figures::few));
    text.append(costs(MANY, rounds, Figures::many));
    return text.toString();
  }

  private static String change(
      String what, List<Figures> rounds, Function<Figures, Latencies> of, double quantile) {
    return row(
        what,
        "etcd's own put to watch",
        new Goal.AtMost(2),
        rounds,
        round -> of.apply(round).quantile(quantile),
        round -> round.raw.quantile(quantile));
  }

  private static String row(
      String what,
      String against,
      Goal goal,
      List<Figures> rounds,
      ToDoubleFunction<Figures> first,
      ToDoubleFunction<Figures> second) {
    return Report.row(
        new Comparison(
            what,
            against,
            goal,
            rounds.stream().mapToDouble(first).boxed().toList(),
            rounds.stream().mapToDouble(second).boxed().toList()));
  }

  private static String latencies(
      String name, List<Figures> rounds, Function<Figures, Latencies> of) {
    return String.format(
        "| %s | %s | %s |%n",
        name,
        spread(rounds, round -> of.apply(round).quantile(0.5), "%.0f"),
        spread(rounds, round -> of.apply(round).quantile(0.99), "%.0f"));
  }

  private static String costs(int services, List<Figures> rounds, Function<Figures, Cost> of) {
    return String.format(
        "| %,d services of %d instances | %s | %s | %s |%n",
        services,
        INSTANCES,
        spread(rounds, round -> of.apply(round).heapMebibytes, "%.0f"),
        spread(rounds, round -> of.apply(round).idlePercent, "%.1f"),
        spread(rounds, round -> of.apply(round).changeMicros, "%.0f"));
  }

  private static String spread(
      List<Figures> rounds, ToDoubleFunction<Figures> figure, String format) {
    return Spread.of(rounds.stream().mapToDouble(figure).boxed().toList())
        .text(value -> String.format(Locale.ROOT, format, value));
  }

  private static void say(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }
}
