package dev.tandem.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.report.Timeline;
import dev.tandem.e2e.report.Timeline.Mark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The quickest drills; `make drills` has all of them, beside Istio's defaults. */
@Proof("What breaks in one cluster is taken over by another")
@Order(8)
final class DrillsTest {
  private static final Duration RECOVERY = Duration.ofMinutes(3);

  /**
   * What is asserted whatever happens. Times are the machine's as much as ours, and on a busy
   * machine a call of thousands fails: both are measured, and the report says which goal was
   * missed.
   */
  private static final List<Goal> ALWAYS = List.of(Goal.NONE_DUPLICATED);

  /**
   * Where nothing moves calls away from what is frozen, more than one in ten fails. Not for drills
   * in which the machine decides how many.
   */
  private static final double FAILED_AT_MOST = 0.01;

  static Stream<Drill> quick() {
    return Drill.quick();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("quick")
  void callsMoveAwayAndComeHomeAndNoPaymentIsMadeTwiceOrLost(
      Drill drill, Clusters clusters, Undo undo, Evidence evidence) {
    Health.await(clusters, RECOVERY);
    Scene scene = Scene.of(root(), clusters);

    Result result = DrillRun.run(drill, scene, Result.Policies.OURS, undo);

    evidence.says("%s, %s: %s.", drill.title(), drill.breaks(), Results.sentence(result));
    result.misses().forEach(miss -> evidence.says("Missed, %s.", miss.sentence()));
    evidence.shows(timeline(result));
    for (Goal goal : ALWAYS) {
      assertThat(goal.met(result))
          .as("%s: %s%n%s", drill.title(), goal.text(), failures(result))
          .isNotEqualTo(Optional.of(false));
    }
    if (!drill.bounds().containsKey(Goal.NONE_FAILED)) {
      assertThat((double) result.figures().failures() / result.figures().calls())
          .as("share of calls that failed%n%s", failures(result))
          .isLessThan(FAILED_AT_MOST);
    }
    assertThat(result.figures().moved().isPresent())
        .as("99%% of traffic moved to the healthy side")
        .isEqualTo(result.concerns());
    assertThat(result.figures().home().isPresent())
        .as("traffic came home")
        .isEqualTo(result.homeExpected());
  }

  private static Timeline timeline(Result result) {
    return Timeline.of(
        "Calls a second, by the cluster that answered",
        new Ledger("all calls", result.calls().stream().map(DrilledCall::call).toList()),
        result.clusters(),
        List.of(
            new Mark(result.moments().struck(), "fault"),
            new Mark(result.moments().repairing(), "repair"),
            new Mark(result.moments().back(), "back")));
  }

  private static String failures(Result result) {
    return result
        .failures()
        .limit(8)
        .map(DrilledCall::describe)
        .collect(Collectors.joining("\n  "));
  }

  private static Path root() {
    return Path.of(System.getProperty("tandem.root", "..")).toAbsolutePath().normalize();
  }
}
