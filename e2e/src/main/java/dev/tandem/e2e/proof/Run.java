package dev.tandem.e2e.proof;

import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.report.Finding;
import dev.tandem.e2e.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of proofs: the clusters, opened once, and the report, written after each proof so that
 * none is lost.
 */
final class Run implements AutoCloseable {
  private final Path root =
      Path.of(System.getProperty("tandem.root", "..")).toAbsolutePath().normalize();
  private final Path output =
      Path.of(System.getProperty("tandem.e2e.output", "target")).toAbsolutePath();
  private final Instant started = Instant.now();
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Clusters clusters;
  private @Nullable RuntimeException cannotOpen;

  /** The clusters; when they are not up, the same error each time. */
  synchronized Clusters clusters() {
    if (cannotOpen != null) {
      throw cannotOpen;
    }
    if (clusters == null) {
      try {
        clusters = Clusters.open(root, System.getenv());
      } catch (RuntimeException e) {
        cannotOpen = e;
        throw e;
      }
    }
    return clusters;
  }

  synchronized void add(Finding finding) {
    findings.add(finding);
    write();
  }

  Path bundle() {
    return output.resolve("bundle");
  }

  private Path write() {
    return new Report(
            started,
            Duration.between(started, Instant.now()),
            clusters == null ? List.of() : clusters.names(),
            findings)
        .write(output.resolve("report"));
  }

  @Override
  public synchronized void close() {
    System.out.printf("%nReport: %s%n", write());
    if (clusters != null) {
      clusters.close();
    }
  }
}
