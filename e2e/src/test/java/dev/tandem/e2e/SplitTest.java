package dev.tandem.e2e;

import static dev.tandem.e2e.TandemCommand.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.RunningLoad;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four calls in five go to the old deployment, one to the new one, whoever says so. {@code
 * -Dtandem.split.calls=100000} is how many are made of each.
 */
@Tag("by-name")
@Proof("Calls are shared by weight: VirtualService, GRPCRoute, TrafficSplit")
@Order(10)
final class SplitTest {
  private static final int CALLS = Integer.getInteger("tandem.split.calls", 4_000);
  private static final int CALLS_PER_SECOND = Integer.getInteger("tandem.split.rate", 200);
  private static final double PERCENT = 20;
  private static final int WINDOW = 1_000;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** What 1,000 calls may be off. Chance alone takes one window in twenty further. */
  private static final double POINTS_OF_A_WINDOW = 2.5;

  private static final int MANY = 100_000;
  private static final double POINTS_OF_MANY = 0.3;

  private final Path directory;

  SplitTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void oneCallInFiveGoesToTheNewDeployment(Clusters clusters, Undo undo, Evidence evidence)
      throws IOException {
    undo.add("take the second deployment away", () -> TandemCommand.step("rollback"));
    assertThat(
            outcome(
                TandemCommand.run(
                    "--until=beside", "--set=" + TandemCommand.NEWEST_VERSION + "=v2")))
        .containsEntry("phase", "beside");
    Path translated = directory.resolve("translated.yaml");
    Files.writeString(
        translated,
        TandemCommand.plain("split", resource("trafficsplit").file().toString()).orFail());
    List<Manifest> manifests =
        List.of(
            resource("backends"),
            resource("virtualservice"),
            resource("grpcroute"),
            new Manifest(translated));
    for (LiveCluster cluster : clusters.all()) {
      manifests.forEach(manifest -> manifest.applyTo(cluster, undo));
    }

    for (String by : List.of("virtualservice", "grpcroute", "trafficsplit")) {
      Work work = Work.getUser(Users.ONE).at("split-by-" + by + ":9000");
      clusters.all().forEach(cluster -> awaitRoute(cluster, work));
      WarmUp.of(clusters.all(), () -> List.of(work));
      Ledger ledger = share(clusters, work, by);
      ledger.assertAllOk("shared by weight");
      double share = percentOfCandidate(ledger.calls());
      List<Double> windows = windows(ledger);
      evidence.says(
          "%s: %.2f %% of %,d calls went to the new deployment, %.2f points off; of %d windows of %,d calls %d are within"
              + " %.1f points, the worst is %.1f off.",
          by,
          share,
          ledger.size(),
          Math.abs(share - PERCENT),
          windows.size(),
          WINDOW,
          windows.stream().filter(off -> off <= POINTS_OF_A_WINDOW).count(),
          POINTS_OF_A_WINDOW,
          windows.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
      assertThat(share)
          .as("share by " + by)
          .isCloseTo(PERCENT, within(CALLS >= MANY ? POINTS_OF_MANY : POINTS_OF_A_WINDOW));
    }
  }

  private static void awaitRoute(LiveCluster cluster, Work work) {
    Await.until(
        "%s in %s to share calls".formatted(work.target(), cluster.name()),
        LIMIT,
        () ->
            IntStream.range(0, 20)
                    .mapToObj(_ -> cluster.caller().call(work))
                    .anyMatch(SplitTest::isByCandidate)
                ? Optional.empty()
                : Optional.of("the new deployment answered none of 20 calls"));
  }

  /** All clusters' callers at once. */
  private static Ledger share(Clusters clusters, Work work, String by) {
    int callers = clusters.all().size();
    LoadShape shape = LoadShape.of(CALLS / callers, (double) CALLS_PER_SECOND / callers);
    List<RunningLoad> loads =
        clusters.all().stream().map(cluster -> cluster.caller().load(work, shape)).toList();
    return new Ledger(
        "GetUser by " + by,
        loads.stream().map(RunningLoad::awaitEnd).flatMap(one -> one.calls().stream()).toList());
  }

  /** How far off each thousand calls are, in the order in which they were sent. */
  private static List<Double> windows(Ledger ledger) {
    List<Call> calls = ledger.calls().stream().sorted(Comparator.comparing(Call::start)).toList();
    return IntStream.range(0, calls.size() / WINDOW)
        .mapToObj(window -> calls.subList(window * WINDOW, (window + 1) * WINDOW))
        .map(window -> Math.abs(percentOfCandidate(window) - PERCENT))
        .toList();
  }

  private static double percentOfCandidate(List<Call> calls) {
    return 100.0 * calls.stream().filter(SplitTest::isByCandidate).count() / calls.size();
  }

  private static boolean isByCandidate(Call call) {
    return call.pod().startsWith("user-candidate-");
  }

  private static Manifest resource(String name) {
    return Manifest.of("split/" + name + ".yaml");
  }
}
