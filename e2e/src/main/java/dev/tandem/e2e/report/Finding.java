package dev.tandem.e2e.report;

import java.time.Duration;
import java.util.List;

/**
 * What one proof came to.
 *
 * @param group the proofs that it belongs to, as a sentence
 * @param proof what it proves, as a sentence
 * @param outcome whether it holds
 * @param took how long it took
 * @param sentences what was measured
 * @param timelines what is shown
 * @param failure why it does not hold; empty when it does
 */
public record Finding(
    String group,
    String proof,
    Outcome outcome,
    Duration took,
    List<String> sentences,
    List<Timeline> timelines,
    String failure) {
  public Finding {
    sentences = List.copyOf(sentences);
    timelines = List.copyOf(timelines);
  }

  /** Whether a proof holds. */
  public enum Outcome {
    /** It does. */
    PROVEN,
    /** It does not. */
    FAILED
  }
}
