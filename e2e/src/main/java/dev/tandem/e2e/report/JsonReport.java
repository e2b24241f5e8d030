package dev.tandem.e2e.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;

/** The report for programs. */
final class JsonReport {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private JsonReport() {}

  static String of(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("started", report.started().toString());
    json.addProperty("tookSeconds", report.took().toMillis() / 1000.0);
    json.add("clusters", strings(report.clusters()));
    json.addProperty("proven", report.proven());
    json.addProperty("failed", report.failed());
    JsonArray proofs = new JsonArray();
    report.findings().forEach(finding -> proofs.add(proof(finding)));
    json.add("proofs", proofs);
    return GSON.toJson(json) + "\n";
  }

  private static JsonObject proof(Finding finding) {
    JsonObject json = new JsonObject();
    json.addProperty("group", finding.group());
    json.addProperty("proof", finding.proof());
    json.addProperty("outcome", finding.outcome().name().toLowerCase(Locale.ROOT));
    json.addProperty("tookSeconds", finding.took().toMillis() / 1000.0);
    json.add("sentences", strings(finding.sentences()));
    if (!finding.failure().isEmpty()) {
      json.addProperty("failure", finding.failure());
    }
    JsonArray timelines = new JsonArray();
    finding.timelines().forEach(timeline -> timelines.add(timeline(timeline)));
    json.add("timelines", timelines);
    return json;
  }

  private static JsonObject timeline(Timeline timeline) {
    JsonObject json = new JsonObject();
    json.addProperty("title", timeline.title());
    JsonObject counts = new JsonObject();
    for (String series : timeline.series()) {
      JsonArray bySecond = new JsonArray();
      timeline.seconds().forEach(second -> bySecond.add(second.getOrDefault(series, 0L)));
      counts.add(series, bySecond);
    }
    json.add("callsBySecond", counts);
    JsonArray marks = new JsonArray();
    for (Timeline.Mark mark : timeline.marks()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("atSeconds", mark.at().toMillis() / 1000.0);
      entry.addProperty("what", mark.what());
      marks.add(entry);
    }
    json.add("marks", marks);
    return json;
  }

  private static JsonArray strings(List<String> strings) {
    JsonArray array = new JsonArray();
    strings.forEach(array::add);
    return array;
  }
}
