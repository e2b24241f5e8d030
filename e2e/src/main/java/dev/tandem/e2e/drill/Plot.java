package dev.tandem.e2e.drill;

import com.google.errorprone.annotations.FormatMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A drill as a picture that needs nothing else: for each set of policies, calls by who answered and
 * how they failed, and how long the slowest took, over time, with the fault marked.
 */
final class Plot {
  private static final int WIDTH = 860;
  private static final int LEFT = 56;
  private static final int RIGHT = WIDTH - 16;
  private static final int HEADER = 58;
  private static final int PANEL = 300;
  private static final int COLUMNS_TOP = 34;
  private static final int COLUMNS_BOTTOM = 164;
  private static final int LATENCY_TOP = 184;
  private static final int LATENCY_BOTTOM = 264;
  private static final long BUCKET_MILLIS = 250;
  private static final double SLOWEST_SHOWN_MILLIS = 10_000;

  private static final List<String> COLOURS =
      List.of("#2f6fde", "#e08a1e", "#2a9d6f", "#8b5bd6", "#0f9bb3");
  private static final List<String> FAILURES =
      List.of("#d43c3c", "#8f1d1d", "#ff7b72", "#b0305c", "#6b1f3a");

  private final List<Result> results;
  private final StringBuilder svg = new StringBuilder(65_536);
  private final double seconds;

  private Plot(List<Result> results) {
    this.results = results;
    this.seconds =
        results.stream().mapToDouble(result -> seconds(result.moments().end())).max().orElse(1);
  }

  /** The picture of one drill under one or more sets of policies. */
  static String of(List<Result> results) {
    return new Plot(results).draw();
  }

  private String draw() {
    int height = HEADER + PANEL * results.size() + 8;
    Drill drill = results.getFirst().drill();
    say(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
        WIDTH, height, WIDTH, height);
    say("<title>%s: %s</title>%n", drill.title(), escaped(drill.breaks()));
    svg.append(
        """
        <style>
        .paper { fill: #ffffff; } text { fill: #5d6878; font: 11px system-ui, sans-serif; }
        .title { fill: #1c2430; font-size: 17px; font-weight: 600; } .strong { fill: #1c2430; font-weight: 600; }
        .rule { stroke: #dbe1e9; } .mark { stroke: #1c2430; stroke-dasharray: 4 3; } .fault { fill: #d43c3c; opacity: .07; }
        .slow { fill: #1c2430; }
        @media (prefers-color-scheme: dark) {
          .paper { fill: #12161c; } text { fill: #96a2b4; } .title, .strong { fill: #e4e9f0; }
          .rule { stroke: #2a323e; } .mark { stroke: #e4e9f0; } .slow { fill: #e4e9f0; }
        }
        </style>
        """);
    say("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>%n", WIDTH, height);
    say("<text class=\"title\" x=\"16\" y=\"26\">%s</text>%n", drill.title());
    say(
        "<text x=\"16\" y=\"45\">%s; %s</text>%n",
        escaped(drill.breaks()), escaped(drill.repairs()));
    for (int index = 0; index < results.size(); index++) {
      say("<g transform=\"translate(0,%d)\">%n", HEADER + index * PANEL);
      panel(results.get(index));
      say("</g>%n");
    }
    return svg.append("</svg>\n").toString();
  }

  private void panel(Result result) {
    Moments moments = result.moments();
    Figures figures = result.figures();
    List<String> failures =
        result.calls().stream()
            .filter(call -> !call.ok())
            .map(call -> call.call().status().name())
            .distinct()
            .sorted()
            .toList();
    List<String> series = new ArrayList<>(result.clusters());
    series.addAll(failures);
    say(
        "<text class=\"strong\" x=\"16\" y=\"14\">%s: %d failed, slowest %.0f ms</text>%n",
        escaped(result.policies().toString()), figures.failures(), millis(figures.slowest()));
    say(
        "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
        x(moments.struck()),
        COLUMNS_TOP,
        x(moments.repairing()) - x(moments.struck()),
        LATENCY_BOTTOM - COLUMNS_TOP);
    columns(result, series);
    latencies(result);
    mark(moments.struck(), "fault", 0);
    mark(moments.repairing(), "repair", 0);
    if (moments.back().minus(moments.repairing()).compareTo(Duration.ofMillis(1500)) > 0) {
      mark(moments.back(), "back", 0);
    }
    for (int second = 0; second <= seconds; second += seconds > 60 ? 10 : 5) {
      say(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>%n",
          x(Duration.ofSeconds(second)), LATENCY_BOTTOM + 15, second);
    }
    legend(result, series);
  }

  private void columns(Result result, List<String> series) {
    Map<Long, Map<String, Integer>> buckets = new TreeMap<>();
    for (DrilledCall call : result.calls()) {
      String who = call.ok() ? call.call().cluster() : call.call().status().name();
      buckets
          .computeIfAbsent(call.start().toMillis() / BUCKET_MILLIS, bucket -> new TreeMap<>())
          .merge(who, 1, Integer::sum);
    }
    int highest =
        buckets.values().stream()
            .mapToInt(counts -> counts.values().stream().mapToInt(Integer::intValue).sum())
            .max()
            .orElse(1);
    double scale = (COLUMNS_BOTTOM - COLUMNS_TOP) / (double) highest;
    double perSecond = 1000.0 / BUCKET_MILLIS;
    for (double share : List.of(0.0, 0.5, 1.0)) {
      double y = COLUMNS_BOTTOM - share * highest * scale;
      rule(y, "%.0f/s".formatted(share * highest * perSecond));
    }
    buckets.forEach(
        (bucket, counts) -> {
          double y = COLUMNS_BOTTOM;
          for (String who : series) {
            int calls = counts.getOrDefault(who, 0);
            y -= calls * scale;
            if (calls > 0) {
              say(
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                  x(Duration.ofMillis(bucket * BUCKET_MILLIS)),
                  y,
                  Math.max(0.8, (RIGHT - LEFT) / seconds * BUCKET_MILLIS / 1000.0 - 0.4),
                  calls * scale,
                  colour(result, series, who));
            }
          }
        });
  }

  /** The slowest unary call of each bucket, on a logarithmic scale from 1 ms to 10 s. */
  private void latencies(Result result) {
    for (int power = 0; power <= 4; power++) {
      rule(
          latencyY(Math.pow(10, power)),
          power < 3 ? (int) Math.pow(10, power) + " ms" : power == 3 ? "1 s" : "10 s");
    }
    Map<Long, Double> slowest = new TreeMap<>();
    for (DrilledCall call : result.calls()) {
      if (call.kind() != DrilledCall.Kind.WATCH) {
        slowest.merge(
            call.start().toMillis() / BUCKET_MILLIS, millis(call.call().latency()), Math::max);
      }
    }
    slowest.forEach(
        (bucket, latency) ->
            say(
                "<circle class=\"slow\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/>%n",
                x(Duration.ofMillis(bucket * BUCKET_MILLIS + BUCKET_MILLIS / 2)),
                latencyY(latency)));
  }

  private static double latencyY(double millis) {
    double share = Math.log10(Math.clamp(millis, 1, SLOWEST_SHOWN_MILLIS)) / 4;
    return LATENCY_BOTTOM - share * (LATENCY_BOTTOM - LATENCY_TOP);
  }

  private void rule(double y, String label) {
    say("<line class=\"rule\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n", LEFT, RIGHT, y, y);
    say("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", LEFT - 6, y + 4, label);
  }

  private void mark(Duration at, String what, int drop) {
    say(
        "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
        x(at), x(at), COLUMNS_TOP - 6, LATENCY_BOTTOM);
    say(
        "<text class=\"strong\" x=\"%.1f\" y=\"%d\">%s</text>%n",
        x(at) + 3, COLUMNS_TOP + 4 + drop, what);
  }

  private void legend(Result result, List<String> series) {
    double x = LEFT;
    int y = LATENCY_BOTTOM + 31;
    for (String who : series) {
      String label = result.clusters().contains(who) ? "answered by " + who : who;
      say(
          "<rect x=\"%.1f\" y=\"%d\" width=\"10\" height=\"10\" rx=\"2\" fill=\"%s\"/>%n",
          x, y - 9, colour(result, series, who));
      say("<text x=\"%.1f\" y=\"%d\">%s</text>%n", x + 14, y, escaped(label));
      x += 26 + label.length() * 6.4;
    }
    say(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">dots: the slowest unary call of each %d ms</text>%n",
        RIGHT, y, BUCKET_MILLIS);
  }

  private static String colour(Result result, List<String> series, String who) {
    int index = series.indexOf(who);
    return result.clusters().contains(who)
        ? COLOURS.get(index % COLOURS.size())
        : FAILURES.get((index - result.clusters().size()) % FAILURES.size());
  }

  private double x(Duration at) {
    return LEFT + seconds(at) / seconds * (RIGHT - LEFT);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @FormatMethod
  private void say(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }
}
