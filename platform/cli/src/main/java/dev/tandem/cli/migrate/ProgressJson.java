package dev.tandem.cli.migrate;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster's memory of a migration as JSON, in a ConfigMap. */
final class ProgressJson {

  /** Grows when older commands could not read it any more. */
  private static final int FORMAT = 1;

  private ProgressJson() {}

  static String write(Progress progress) {
    return Serialization.asJson(toMap(progress));
  }

  static Map<String, Object> toMap(Progress progress) {
    Migration migration = progress.migration();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("service", migration.service());
    json.put("from", migration.fromPackage());
    json.put("to", migration.toPackage());
    migration.image().ifPresent(image -> json.put("image", image));
    json.put("environment", migration.environment());
    json.put("shares", migration.course().shares());
    json.put("revision", progress.revision());
    json.put("phase", progress.phase().key());
    progress.intent().ifPresent(intent -> json.put("intent", intent.key()));
    json.put("judged", progress.judged());
    progress
        .baseline()
        .ifPresent(
            baseline ->
                json.put(
                    "baseline",
                    Map.of(
                        "failureShare", baseline.failureShare(),
                        "p99Millis", baseline.p99Millis())));
    json.put("since", progress.since().toString());
    return json;
  }

  /**
   * @throws IllegalArgumentException when it is not what this command writes
   */
  static Progress read(String text) {
    try {
      Map<String, Object> json = IstioSplit.map(Serialization.unmarshal(text, Map.class));
      if (!Integer.valueOf(FORMAT).equals(json.get("format"))) {
        throw new IllegalArgumentException("it was written by another release of tandem");
      }
      Map<String, String> environment = new LinkedHashMap<>();
      IstioSplit.map(json.get("environment"))
          .forEach((name, value) -> environment.put(name, String.valueOf(value)));
      List<Integer> shares =
          IstioSplit.list(json.get("shares")).stream().map(Integer.class::cast).toList();
      Migration migration =
          new Migration(
              text(json, "service"),
              text(json, "from"),
              text(json, "to"),
              Optional.ofNullable(json.get("image")).map(String::valueOf),
              environment,
              new Course(shares));
      Map<String, Object> baseline = IstioSplit.map(json.get("baseline"));
      return new Progress(
          migration,
          number(json, "revision").longValue(),
          phase(text(json, "phase")),
          Optional.ofNullable(json.get("intent")).map(String::valueOf).map(ProgressJson::phase),
          Boolean.TRUE.equals(json.get("judged")),
          baseline.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new Baseline(
                      number(baseline, "failureShare").doubleValue(),
                      number(baseline, "p99Millis").doubleValue())),
          Instant.parse(text(json, "since")));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "the record of the migration cannot be read: " + e.getMessage(), e);
    }
  }

  private static Phase phase(String key) {
    return Phase.parse(key)
        .orElseThrow(() -> new IllegalArgumentException("no phase is called " + key));
  }

  private static String text(Map<String, Object> json, String key) {
    if (json.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(key + " is missing");
  }

  private static Number number(Map<String, Object> json, String key) {
    if (json.get(key) instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException(key + " is missing");
  }
}
