package dev.tandem.e2e.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.e2e.v1.CallRecord;
import dev.tandem.e2e.v1.LedgerBatch;
import dev.tandem.e2e.v1.LoadFinished;
import dev.tandem.e2e.v1.LoadStarted;
import dev.tandem.e2e.v1.RunLoadResponse;
import dev.tandem.e2e.v1.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RunningLoadTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final RunningLoad load =
      new RunningLoad(
          "GetUser from shanghai",
          () -> {},
          cause -> new AssertionError("broken: " + cause.getMessage()));
  private final StreamObserver<RunLoadResponse> caller = load.observer();

  @Test
  void givesALedgerInWhichEveryCallIsAccountedFor() {
    start();
    send(0);
    send(1);
    finish(2);

    assertThat(load.stop().calls()).extracting(Call::sequence).containsExactly(0L, 1L);
  }

  @Test
  void refusesALedgerThatLacksACall() {
    start();
    send(0);
    finish(2);

    assertThatThrownBy(load::stop)
        .hasMessage("GetUser from shanghai: 2 calls were sent, the ledger has 1");
  }

  @Test
  void saysWhatItWaitedForAndWhatItSawInstead() {
    start();
    send(0);

    assertThatThrownBy(
            () -> load.await("beijing to answer", SHORT, so -> so.servedBy("beijing").size() > 0))
        .hasMessageStartingWith(
            "waited 0 s for beijing to answer. GetUser from shanghai so far: 1 calls (1 by shanghai), 0 failed")
        .hasMessageContaining(
            "call 0, due at 0.000 s: OK after 3 ms, served by user-0 of shanghai, version 1.0");
  }

  @Test
  void saysThatTheLoadEndedBeforeWhatWasAwaited() {
    start();
    send(0);
    finish(1);

    assertThatThrownBy(() -> load.await("2 calls", Duration.ofMinutes(1), so -> so.size() == 2))
        .hasMessageStartingWith("GetUser from shanghai ended before there was 2 calls: 1 calls");
  }

  @Test
  void explainsABrokenControlConnection() {
    start();
    caller.onError(Status.UNAVAILABLE.withDescription("tunnel gone").asRuntimeException());

    assertThatThrownBy(load::stop).hasMessage("broken: UNAVAILABLE: tunnel gone");
  }

  private void start() {
    caller.onNext(
        RunLoadResponse.newBuilder().setStarted(LoadStarted.getDefaultInstance()).build());
  }

  private void send(long sequence) {
    caller.onNext(
        RunLoadResponse.newBuilder()
            .setBatch(
                LedgerBatch.newBuilder()
                    .addCalls(
                        CallRecord.newBuilder()
                            .setSequence(sequence)
                            .setLatencyMicros(3_000)
                            .setServer(
                                Server.newBuilder()
                                    .setCluster("shanghai")
                                    .setPod("user-0")
                                    .setVersion("1.0"))))
            .build());
  }

  private void finish(long calls) {
    caller.onNext(
        RunLoadResponse.newBuilder()
            .setFinished(LoadFinished.newBuilder().setCalls(calls))
            .build());
    caller.onCompleted();
  }
}
