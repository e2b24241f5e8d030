package dev.tandem.e2e.report;

import static dev.tandem.e2e.report.HtmlReport.escaped;

import com.google.errorprone.annotations.FormatMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A timeline as a figure: a column a second, stacked by who answered, with what happened when. */
final class TimelineFigure {
  private static final int WIDTH = 420;
  private static final int LEFT = 30;
  private static final int RIGHT = 414;
  private static final int TOP = 16;
  private static final int BOTTOM = 150;
  private static final int HEIGHT = 172;
  private static final int COLOURS = 5;

  private TimelineFigure() {}

  static String of(Timeline timeline) {
    StringBuilder figure = new StringBuilder();
    figure
        .append("<figure>\n<figcaption>")
        .append(escaped(timeline.title()))
        .append("</figcaption>\n");
    figure.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, escaped(spoken(timeline))));
    double scale = (BOTTOM - TOP) / (double) Math.max(1, timeline.highest());
    double column = (RIGHT - LEFT) / (double) Math.max(1, timeline.seconds().size());
    axes(figure, timeline, scale, column);
    columns(figure, timeline, scale, column);
    marks(figure, timeline, column);
    figure.append("</svg>\n").append(legend(timeline)).append("</figure>\n");
    return figure.toString();
  }

  private static void axes(StringBuilder figure, Timeline timeline, double scale, double column) {
    for (long calls : List.of(0L, timeline.highest() / 2, timeline.highest())) {
      double y = BOTTOM - calls * scale;
      figure.append(
          tag(
              "<line class=\"rule\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
              LEFT, RIGHT, y, y));
      figure.append(
          tag("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>\n", LEFT - 4, y + 3, calls));
    }
    int seconds = timeline.seconds().size();
    int step = Math.max(1, (int) Math.ceil(seconds / 6.0));
    for (int second = 0; second < seconds; second += step) {
      figure.append(
          tag(
              "<text x=\"%.1f\" y=\"%d\">%d s</text>\n",
              LEFT + second * column, BOTTOM + 12, second));
    }
  }

  private static void columns(
      StringBuilder figure, Timeline timeline, double scale, double column) {
    for (int second = 0; second < timeline.seconds().size(); second++) {
      Map<String, Long> counts = timeline.seconds().get(second);
      double y = BOTTOM;
      for (int series = 0; series < timeline.series().size(); series++) {
        long calls = counts.getOrDefault(timeline.series().get(series), 0L);
        if (calls > 0) {
          y -= calls * scale;
          figure.append(
              tag(
                  "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>\n",
                  LEFT + second * column,
                  y,
                  Math.max(0.5, column - 0.6),
                  calls * scale,
                  colour(timeline, series)));
        }
      }
    }
  }

  private static void marks(StringBuilder figure, Timeline timeline, double column) {
    int number = 1;
    for (Timeline.Mark mark : timeline.marks()) {
      double x = LEFT + mark.at().toMillis() / 1000.0 * column;
      figure.append(
          tag(
              "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n",
              x, x, TOP - 4, BOTTOM));
      figure.append(
          tag(
              "<text class=\"number\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>\n",
              x, TOP - 6, number++));
    }
  }

  private static String legend(Timeline timeline) {
    StringBuilder legend = new StringBuilder("<ul class=\"legend\">\n");
    for (int series = 0; series < timeline.series().size(); series++) {
      String name = timeline.series().get(series);
      long calls =
          timeline.seconds().stream().mapToLong(second -> second.getOrDefault(name, 0L)).sum();
      legend.append(
          tag(
              "<li><span class=\"swatch\" style=\"background:%s\"></span>%s: %,d</li>\n",
              colour(timeline, series), escaped(name), calls));
    }
    int number = 1;
    for (Timeline.Mark mark : timeline.marks()) {
      legend.append(
          tag(
              "<li>%d: %.1f s, %s</li>\n",
              number++, mark.at().toMillis() / 1000.0, escaped(mark.what())));
    }
    return legend.append("</ul>\n").toString();
  }

  private static String colour(Timeline timeline, int series) {
    return timeline.series().get(series).equals(Timeline.FAILED)
        ? "var(--series-failed)"
        : "var(--series-%d)".formatted(series % COLOURS);
  }

  private static String spoken(Timeline timeline) {
    return "%s: calls in each of %d seconds, by who answered"
        .formatted(timeline.title(), timeline.seconds().size());
  }

  @FormatMethod
  private static String tag(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
