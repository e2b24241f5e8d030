package dev.tandem.e2e.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The report for people: one file that needs nothing else, on any screen, by day and by night. */
final class HtmlReport {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HtmlReport() {}

  static String of(Report report) {
    StringBuilder page = new StringBuilder(32_768);
    page.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Tandem: end-to-end proofs</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>Tandem: end-to-end proofs</h1>
        <p class="lead">%s</p>
        <p class="faint">Clusters %s. %s, in %s.</p>
        """
            .formatted(
                stylesheet(),
                summary(report),
                escaped(String.join(", ", report.clusters())),
                TIME.format(report.started()),
                spoken(report.took())));
    byGroup(report.findings()).forEach((group, findings) -> group(page, group, findings));
    page.append(
        """
        <footer><p>The same as data: report.json, beside this file.</p></footer>
        </body>
        </html>
        """);
    return page.toString();
  }

  private static String summary(Report report) {
    if (report.findings().isEmpty()) {
      return "<span class=\"bad\">No proof ran.</span>";
    }
    return report.failed() == 0
        ? "<span class=\"outcome\">All %d proofs hold.</span>".formatted(report.proven())
        : "<span class=\"bad\">%d of %d proofs failed.</span>"
            .formatted(report.failed(), report.findings().size());
  }

  private static Map<String, List<Finding>> byGroup(List<Finding> findings) {
    Map<String, List<Finding>> groups = new LinkedHashMap<>();
    for (Finding finding : findings) {
      groups.computeIfAbsent(finding.group(), group -> new ArrayList<>()).add(finding);
    }
    return groups;
  }

  private static void group(StringBuilder page, String group, List<Finding> findings) {
    page.append("<section>\n<h2>").append(escaped(group)).append("</h2>\n");
    for (Finding finding : findings) {
      boolean holds = finding.outcome() == Finding.Outcome.PROVEN;
      page.append("<article class=\"proof%s\">\n".formatted(holds ? "" : " failed"));
      page.append(
          "<h3>%s</h3>\n<p class=\"faint\"><span class=\"outcome\">%s</span> in %s</p>\n"
              .formatted(
                  escaped(finding.proof()), holds ? "Proven" : "Failed", spoken(finding.took())));
      if (!finding.sentences().isEmpty()) {
        page.append("<ul>\n");
        finding
            .sentences()
            .forEach(line -> page.append("<li>").append(escaped(line)).append("</li>\n"));
        page.append("</ul>\n");
      }
      if (!finding.failure().isEmpty()) {
        page.append("<pre>").append(escaped(finding.failure())).append("</pre>\n");
      }
      finding.timelines().forEach(timeline -> page.append(TimelineFigure.of(timeline)));
      page.append("</article>\n");
    }
    page.append("</section>\n");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String spoken(Duration duration) {
    return duration.toSeconds() < 60
        ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
        : "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }

  private static String stylesheet() {
    try (InputStream stream =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
