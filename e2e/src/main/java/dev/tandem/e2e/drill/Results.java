package dev.tandem.e2e.drill;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tandem.e2e.call.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run of drills came to: drills.md for people, drills.json for programs, a picture of each.
 * They are written after each drill, so that none is lost.
 *
 * @param started when it began
 * @param machine what it ran on
 */
record Results(Instant started, String machine, List<Result> results) {
  Results {
    results = List.copyOf(results);
  }

  /** Writes everything into a folder and gives the page. */
  Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<Drill, List<Result>> drill : byDrill().entrySet()) {
        Files.writeString(
            folder.resolve(drill.getKey().title() + ".svg"), Plot.of(drill.getValue()));
      }
      Files.writeString(folder.resolve("drills.json"), json());
      Path page = folder.resolve("drills.md");
      Files.writeString(page, page());
      return page;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the results to " + folder, e);
    }
  }

  private Map<Drill, List<Result>> byDrill() {
    return results.stream()
        .collect(
            Collectors.groupingBy(
                Result::drill, () -> new EnumMap<>(Drill.class), Collectors.toList()));
  }

  String page() {
    StringBuilder page = new StringBuilder(16_384);
    page.append(
        """
        # Drills, measured

        %s, on %s. %.0f calls a second in all: %s. What each figure means is in
        [the guide](../guides/drills.md); the same as data: [drills.json](drills.json). Written by `make drills`.

        | drill | policies | calls | failed | 99%% moved after | slowest | p99 | streams cut | paid twice, lost | home after | failed on the way home | flaps |
        |---|---|---|---|---|---|---|---|---|---|---|---|
        """
            .formatted(
                started.truncatedTo(ChronoUnit.MINUTES),
                machine,
                DrillRun.CALLS_PER_SECOND,
                java.util.Arrays.stream(DrilledCall.Kind.values())
                    .map(
                        kind ->
                            String.format(
                                Locale.ROOT, "%.0f%% %s", kind.share() * 100, kind.method()))
                    .collect(Collectors.joining(", "))));
    byDrill().values().forEach(drill -> drill.forEach(result -> page.append(row(result))));
    byDrill().forEach((drill, drilled) -> page.append(section(drill, drilled)));
    return page.toString();
  }

  private static String row(Result result) {
    Figures figures = result.figures();
    return "| [%s](#%s) | %s | %d | %s | %s | %s | %s | %d | %d, %d | %s | %d | %d |%n"
        .formatted(
            result.drill().title(),
            result.drill().title(),
            result.policies() == Result.Policies.OURS ? "ours" : "defaults",
            figures.calls(),
            failed(figures),
            time(figures.moved(), result.concerns()),
            Ledger.millis(figures.slowest()),
            Ledger.millis(figures.usual()),
            figures.cut(),
            result.stored().duplicated(),
            result.stored().lost(),
            time(figures.home(), result.homeExpected()),
            figures.failedAfterRepair(),
            figures.flaps());
  }

  private static String section(Drill drill, List<Result> drilled) {
    StringBuilder section = new StringBuilder();
    section.append(
        "%n## %s%n%nBroken: %s. Repaired: %s.%n%n![%s](%s.svg)%n%n"
            .formatted(
                drill.title(), drill.breaks(), drill.repairs(), drill.title(), drill.title()));
    for (Result result : drilled) {
      section.append("- %s: %s.%n".formatted(result.policies(), sentence(result)));
    }
    gain(drilled).ifPresent(gain -> section.append("- %s%n".formatted(gain)));
    drilled.stream()
        .filter(result -> result.policies() == Result.Policies.OURS)
        .forEach(
            result ->
                result
                    .misses()
                    .forEach(miss -> section.append("- Missed, %s.%n".formatted(miss.sentence()))));
    return section.toString();
  }

  /** A result in one sentence. */
  static String sentence(Result result) {
    Figures figures = result.figures();
    List<String> parts = new ArrayList<>();
    parts.add("%s failed of %,d calls".formatted(failed(figures), figures.calls()));
    if (result.concerns()) {
      parts.add("99%% moved after %s".formatted(time(figures.moved(), true)));
    }
    parts.add(
        "slowest %s (before the fault %s), p99 %s"
            .formatted(
                Ledger.millis(figures.slowest()),
                Ledger.millis(figures.slowestBefore()),
                Ledger.millis(figures.usual())));
    if (figures.cut() > 0) {
      parts.add("%d streams cut".formatted(figures.cut()));
    }
    if (figures.withoutDatabase() > 0) {
      parts.add(
          "%d payments refused without a way to the database".formatted(figures.withoutDatabase()));
    }
    parts.add(
        "%d payments stored, %d twice, %d lost"
            .formatted(
                result.stored().rows(), result.stored().duplicated(), result.stored().lost()));
    if (result.homeExpected()) {
      parts.add(
          "home %s after it was back, %d failed on the way"
              .formatted(time(figures.home(), true), figures.failedAfterRepair()));
    }
    if (figures.flaps() > 0) {
      parts.add("%d flaps".formatted(figures.flaps()));
    }
    return String.join("; ", parts);
  }

  /** Ours beside the defaults, when both were measured. */
  private static Optional<String> gain(List<Result> drilled) {
    Optional<Result> ours = under(drilled, Result.Policies.OURS);
    Optional<Result> defaults = under(drilled, Result.Policies.DEFAULTS);
    if (ours.isEmpty() || defaults.isEmpty()) {
      return Optional.empty();
    }
    Figures with = ours.get().figures();
    Figures without = defaults.get().figures();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Gain: %d failed instead of %d; the slowest call %s instead of %s (%.1f times).",
            with.failures(),
            without.failures(),
            Ledger.millis(with.slowest()),
            Ledger.millis(without.slowest()),
            without.slowest().toNanos() / (double) Math.max(1, with.slowest().toNanos())));
  }

  private static Optional<Result> under(List<Result> drilled, Result.Policies policies) {
    return drilled.stream().filter(result -> result.policies() == policies).findFirst();
  }

  private static String failed(Figures figures) {
    return figures.failed().isEmpty()
        ? "0"
        : "%d (%s)"
            .formatted(
                figures.failures(),
                figures.failed().entrySet().stream()
                    .map(status -> status.getValue() + " " + status.getKey())
                    .collect(Collectors.joining(", ")));
  }

  private static String time(Optional<Duration> time, boolean expected) {
    return expected ? time.map(Ledger::millis).orElse("never") : "–";
  }

  private String json() {
    JsonObject json = new JsonObject();
    json.addProperty("started", started.toString());
    json.addProperty("machine", machine);
    json.addProperty("callsPerSecond", DrillRun.CALLS_PER_SECOND);
    JsonArray array = new JsonArray();
    results.forEach(result -> array.add(json(result)));
    json.add("drills", array);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
  }

  private static JsonObject json(Result result) {
    Figures figures = result.figures();
    JsonObject json = new JsonObject();
    json.addProperty("drill", result.drill().title());
    json.addProperty("policies", result.policies().name().toLowerCase(Locale.ROOT));
    json.addProperty("calls", figures.calls());
    json.addProperty("failedBefore", figures.failedBefore());
    JsonObject failed = new JsonObject();
    figures.failed().forEach((status, count) -> failed.addProperty(status.name(), count));
    json.add("failed", failed);
    json.addProperty("failedAfterRepair", figures.failedAfterRepair());
    json.addProperty("paymentsWithoutDatabase", figures.withoutDatabase());
    json.addProperty("streamsCut", figures.cut());
    figures.moved().ifPresent(time -> json.addProperty("movedMillis", time.toMillis()));
    figures.home().ifPresent(time -> json.addProperty("homeMillis", time.toMillis()));
    json.addProperty("slowestMillis", figures.slowest().toMillis());
    json.addProperty("slowestBeforeMillis", figures.slowestBefore().toMillis());
    json.addProperty("p99Millis", figures.usual().toMillis());
    json.addProperty("flaps", figures.flaps());
    json.addProperty("paymentsStored", result.stored().rows());
    json.addProperty("paymentsDuplicated", result.stored().duplicated());
    json.addProperty("paymentsLost", result.stored().lost());
    JsonArray missed = new JsonArray();
    result.misses().stream()
        .filter(miss -> miss.bound().isEmpty())
        .forEach(miss -> missed.add(miss.goal().text()));
    json.add("missed", missed);
    return json;
  }
}
