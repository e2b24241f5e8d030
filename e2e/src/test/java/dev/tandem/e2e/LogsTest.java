package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.call.Call;
import dev.tandem.e2e.call.Ledger;
import dev.tandem.e2e.call.LoadShape;
import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Await;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.e2e.cluster.LiveCluster;
import dev.tandem.e2e.cluster.Undo;
import dev.tandem.e2e.cluster.Workload;
import dev.tandem.e2e.proof.Evidence;
import dev.tandem.e2e.proof.Proof;
import dev.tandem.e2e.telemetry.Logs;
import dev.tandem.e2e.telemetry.Part;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lines of calls that fail, which each service writes with its trace. They are found in the one
 * place that has all lines; also those that were written while Kafka was away.
 */
@Tag("by-name")
@Proof("Lines of logs are found by trace, and none is lost while Kafka is away")
@Order(12)
final class LogsTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int CHARGES = 10;

  /** A charge that failed, whose service has said so. */
  private record Failed(LiveCluster cluster, TraceId id, Call call) {}

  @Test
  void linesOfFailedCallsAreFoundByTheirTraceThoughKafkaWasAway(
      Clusters clusters, Undo undo, Evidence evidence) {
    Workload postgres = clusters.database().statefulSet("postgres");
    Part kafka = new Part(clusters.telemetry(), "statefulset", "kafka");
    postgres.scale(0, undo);
    postgres.awaitGone();

    List<Failed> failed = new ArrayList<>(charge(clusters));
    kafka.stop(undo);
    failed.addAll(charge(clusters));
    for (LiveCluster cluster : clusters.all()) {
      Ledger users = cluster.caller().run(Work.getUser(Users.ONE), LoadShape.of(250, 50));
      users.assertAllOk("while nobody takes lines");
      evidence.says("Without Kafka: %s, %s.", users.what(), users.figures());
    }
    kafka.start();
    failed.addAll(charge(clusters));
    postgres.scaleTo(1);
    postgres.awaitAvailable();

    try (Logs logs = Logs.of(clusters)) {
      int lines = 0;
      for (Failed each : failed) {
        lines += awaitLines(logs, each).size();
      }
      evidence.says(
          "%d charges failed, before, while and after Kafka was away: for the trace of each the line of who answered is found, once; %d lines in all.",
          failed.size(), lines);
    }
  }

  private static List<Failed> charge(Clusters clusters) {
    List<Failed> failed = new ArrayList<>();
    for (LiveCluster cluster : clusters.all()) {
      for (int each = 0; each < CHARGES; each++) {
        TraceId id = TraceId.random();
        Call call = cluster.caller().call(Work.charge(Charges.of(100)), TraceHeader.W3C.of(id));
        assertThat(call.status())
            .as("without the database: " + call.describe())
            .isEqualTo(Status.Code.UNAVAILABLE);
        failed.add(new Failed(cluster, id, call));
      }
    }
    return failed;
  }

  /** The lines of a failed charge, as soon as that of its answer is there. */
  private static List<Logs.Line> awaitLines(Logs logs, Failed failed) {
    Await.until(
        "the lines of trace %s, a charge from %s".formatted(failed.id.trace(), failed.cluster),
        LIMIT,
        () -> {
          List<Logs.Line> lines = logs.ofTrace(failed.id.trace());
          return lines.stream().anyMatch(line -> isAnswer(line, failed.call))
              ? Optional.empty()
              : Optional.of("there are %s".formatted(lines));
        });
    List<Logs.Line> lines = logs.ofTrace(failed.id.trace());
    assertThat(lines).as("lines of trace " + failed.id.trace()).doesNotHaveDuplicates();
    return lines;
  }

  private static boolean isAnswer(Logs.Line line, Call call) {
    return line.service().equals("tandem-payment")
        && line.cluster().equals(call.cluster())
        && line.pod().equals(call.pod())
        && line.message().startsWith("UNAVAILABLE tandem.payment.v1.PaymentService/Charge");
  }
}
