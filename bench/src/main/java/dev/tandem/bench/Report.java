package dev.tandem.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures for people, in Markdown. */
final class Report {

  private final Part part;
  private final List<Round> rounds;

  /** Of at least one round. */
  Report(Part part, List<Round> rounds) {
    this.part = part;
    this.rounds = List.copyOf(rounds);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| what | against | ratio: median (range) | goal |\n|---|---|---|---|\n");
    part.questions().forEach(question -> text.append(row(question.in(rounds))));
    text.append("\n| server | calls/s | processor time a call, µs | first answer, ms |\n");
    text.append("|---|---|---|---|\n");
    for (Variant variant : part.variants()) {
      text.append(
          String.format(
              "| %s | %s | %s | %s |%n",
              variant.name(),
              spread(round -> round.callsPerSecond(variant)).text(Report::whole),
              spread(round -> round.microsecondsPerCall(variant)).text(Report::tenths),
              spread(round -> round.startMillis(variant)).text(Report::whole)));
    }
    if (!part.steady().isEmpty()) {
      text.append(
          "\n| at half load | p50, µs | p99, µs | sent late, p99, µs |\n|---|---|---|---|\n");
    }
    for (Variant variant : part.steady()) {
      text.append(
          String.format(
              "| %s | %s | %s | %s |%n",
              variant.name(),
              spread(round -> round.p50(variant)).text(Report::whole),
              spread(round -> round.p99(variant)).text(Report::whole),
              spread(round -> round.sentLateP99(variant)).text(Report::whole)));
    }
    return text.toString();
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
