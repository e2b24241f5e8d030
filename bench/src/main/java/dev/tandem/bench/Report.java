package dev.tandem.bench;

import dev.tandem.bench.Comparison.Goal;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures for people, in Markdown. */
final class Report {

  private final List<Round> rounds;
  private final Variant cached;
  private final Variant traced;

  /** Of at least one round. */
  Report(List<Round> rounds, Variant cached, Variant traced) {
    this.rounds = List.copyOf(rounds);
    this.cached = cached;
    this.traced = traced;
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| what | against | ratio: median (range) | goal |\n|---|---|---|---|\n");
    for (Comparison comparison : comparisons()) {
      text.append(row(comparison));
    }
    text.append("\n| server | calls/s | processor time a call, µs | first answer, ms |\n");
    text.append("|---|---|---|---|\n");
    for (Variant variant : rounds.getFirst().throughput().keySet()) {
      text.append(
          String.format(
              "| %s | %s | %s | %s |%n",
              variant.name(),
              spread(round -> round.callsPerSecond(variant)).text(Report::whole),
              spread(round -> round.microsecondsPerCall(variant)).text(Report::tenths),
              spread(round -> round.startMillis(variant)).text(Report::whole)));
    }
    text.append("\n| at half of the bare server's most | p50, µs | p99, µs |\n|---|---|---|\n");
    for (Variant variant : List.of(Variant.BARE, Variant.PLATFORM)) {
      text.append(
          String.format(
              "| %s | %s | %s |%n",
              variant.name(),
              spread(round -> round.p50(variant)).text(Report::whole),
              spread(round -> round.p99(variant)).text(Report::whole)));
    }
    return text.toString();
  }

  private List<Comparison> comparisons() {
    return List.of(
        throughput(
            "user service, all of the platform on",
            Variant.PLATFORM,
            Variant.BARE,
            new Goal.AtLeast(0.95)),
        compare(
            "p99 at half load: user service, all of the platform on",
            "bare grpc-java",
            new Goal.AtMost(1.15),
            round -> round.p99(Variant.PLATFORM),
            round -> round.p99(Variant.BARE)),
        throughput("auth on", Variant.PLATFORM, Variant.NO_AUTH, new Goal.None()),
        throughput("limiter on", Variant.PLATFORM, Variant.NO_LIMITER, new Goal.None()),
        throughput("a span of every call exported", traced, Variant.PLATFORM, new Goal.None()),
        compare(
            "start to first answer: with an AOT cache",
            "without",
            new Goal.AtMost(0.35),
            round -> round.startMillis(cached),
            round -> round.startMillis(Variant.PLATFORM)),
        throughput("with an AOT cache", cached, Variant.PLATFORM, new Goal.AtLeast(0.98)));
  }

  private Comparison throughput(String what, Variant first, Variant second, Goal goal) {
    return compare(
        "throughput: " + what,
        second.name(),
        goal,
        round -> round.callsPerSecond(first),
        round -> round.callsPerSecond(second));
  }

  private Comparison compare(
      String what,
      String against,
      Goal goal,
      ToDoubleFunction<Round> first,
      ToDoubleFunction<Round> second) {
    return new Comparison(what, against, goal, series(first), series(second));
  }

  private List<Double> series(ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).boxed().toList();
  }

  private Spread spread(ToDoubleFunction<Round> figure) {
    return Spread.of(series(figure));
  }

  static String row(Comparison comparison) {
    Spread ratio = comparison.ratio();
    return String.format(
        "| %s | %s | %s | %s |%n",
        comparison.what(),
        comparison.against(),
        ratio.text(Report::thousandths),
        comparison.goal().verdictOn(ratio.median()));
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String thousandths(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
