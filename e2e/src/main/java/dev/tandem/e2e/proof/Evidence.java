package dev.tandem.e2e.proof;

import com.google.errorprone.annotations.FormatMethod;
import dev.tandem.e2e.report.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a proof measured, for the report. */
public final class Evidence {
  private final List<String> sentences = new ArrayList<>();
  private final List<Timeline> timelines = new ArrayList<>();

  /** Adds a sentence with a figure in it. */
  @FormatMethod
  public void says(String format, Object... arguments) {
    String sentence = String.format(Locale.ROOT, format, arguments);
    sentences.add(sentence);
    System.out.println("    " + sentence);
  }

  /** Adds a figure. */
  public void shows(Timeline timeline) {
    timelines.add(timeline);
  }

  List<String> sentences() {
    return List.copyOf(sentences);
  }

  List<Timeline> timelines() {
    return List.copyOf(timelines);
  }
}
