package dev.tandem.e2e.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private final Ledger ledger =
      new Ledger(
          "GetUser from shanghai",
          IntStream.rangeClosed(1, 100).mapToObj(number -> served(number, "beijing")).toList());

  @Test
  void givesTheLatencyThatAShareOfTheCallsDidNotExceed() {
    assertThat(ledger.latency(0.5)).isEqualTo(Duration.ofMillis(50));
    assertThat(ledger.latency(0.99)).isEqualTo(Duration.ofMillis(99));
    assertThat(ledger.latency(1)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void dividesCallsByWhenTheyWereMeantToStart() {
    Ledger middle =
        ledger.startedSince(Duration.ofMillis(200)).startedBefore(Duration.ofMillis(400));

    assertThat(middle.calls())
        .extracting(Call::sequence)
        .containsExactlyElementsOf(IntStream.range(20, 40).mapToObj(Long::valueOf).toList());
  }

  @Test
  void saysItsFigures() {
    assertThat(ledger.figures())
        .isEqualTo(
            "100 calls (100 by beijing), 0 failed, p50 50.0 ms, p99 99.0 ms, slowest 100 ms");
    assertThat(new Ledger("GetUser", List.of()).figures()).isEqualTo("no calls");
  }

  @Test
  void saysWhichCallsFailedAndHow() {
    assertThatCode(() -> ledger.assertAllOk("at rest")).doesNotThrowAnyException();
    Ledger failing = new Ledger("GetUser from shanghai", List.of(served(1, "beijing"), failed(2)));

    assertThat(failing.byCluster()).isEqualTo(Map.of("beijing", 1L, "nobody", 1L));
    assertThatThrownBy(() -> failing.assertAllOk("during a drill"))
        .hasMessage(
            """
            GetUser from shanghai, during a drill: 1 of 2 calls failed: {UNAVAILABLE=1}
            by cluster: {beijing=1, nobody=1}
              call 2, due at 0.020 s: UNAVAILABLE (no healthy upstream) after 2 ms, served by nobody""");
  }

  static Call served(int number, String cluster) {
    return call(number, Status.Code.OK, "", cluster);
  }

  static Call failed(int number) {
    return call(number, Status.Code.UNAVAILABLE, "no healthy upstream", "");
  }

  private static Call call(int number, Status.Code status, String message, String cluster) {
    return new Call(
        number,
        Duration.ofMillis(10L * number),
        Duration.ZERO,
        Duration.ofMillis(number),
        status,
        message,
        cluster,
        cluster.isEmpty() ? "" : "user-0",
        cluster.isEmpty() ? "" : "1.0",
        1,
        Duration.ZERO,
        List.of());
  }
}
