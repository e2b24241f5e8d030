package dev.tandem.e2e.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a run of the proofs found.
 *
 * @param started when it began
 * @param took how long it took
 * @param clusters the clusters' names
 * @param findings the proofs in the order in which they ran
 */
public record Report(
    Instant started, Duration took, List<String> clusters, List<Finding> findings) {
  public Report {
    clusters = List.copyOf(clusters);
    findings = List.copyOf(findings);
  }

  /** How many proofs hold. */
  long proven() {
    return findings.stream().filter(finding -> finding.outcome() == Finding.Outcome.PROVEN).count();
  }

  /** How many do not. */
  long failed() {
    return findings.size() - proven();
  }

  /** Writes index.html and report.json into a folder. */
  public Path write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("report.json"), JsonReport.of(this));
      Path page = folder.resolve("index.html");
      Files.writeString(page, HtmlReport.of(this));
      return page;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the report to " + folder, e);
    }
  }
}
