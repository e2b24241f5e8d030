package dev.tandem.caller.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Repeats a call until every cluster of a list has answered it.
 *
 * @param clusters who has to answer
 * @param within how long that may take
 */
record Repetition(List<String> clusters, Duration within) {
  // A failure comes back faster than whatever causes it goes away.
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

  /**
   * Repeats the call; each cluster's first answer is printed. Empty when all have answered, else
   * why not.
   */
  String run(Supplier<Exchange.Answer> call, Consumer<Exchange.Answer> printer)
      throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    Map<String, Integer> answers = new LinkedHashMap<>();
    int failures = 0;
    String lastProblem = "none";
    do {
      Exchange.Answer answer = call.get();
      if (answer.good()) {
        if (answers.merge(answer.servedBy().cluster(), 1, Integer::sum) == 1) {
          printer.accept(answer);
        }
      } else {
        failures++;
        lastProblem = answer.problem();
        TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAILURE.toNanos());
      }
      if (answers.keySet().containsAll(clusters)) {
        return "";
      }
    } while (System.nanoTime() < end);
    return "within %s s not every one of %s answered; answers by cluster: %s; failed calls: %d, the last: %s"
        .formatted(within.toMillis() / 1000.0, clusters, answers, failures, lastProblem);
  }
}
