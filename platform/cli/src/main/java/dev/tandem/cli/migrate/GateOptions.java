package dev.tandem.cli.migrate;

import java.time.Duration;
import picocli.CommandLine.Option;

/** When a phase is good enough. */
final class GateOptions {

  @Option(
      names = "--minimum-calls",
      paramLabel = "N",
      defaultValue = "100",
      description = "Calls that the new deployment must have had; 100 unless told otherwise.")
  private long minimumCalls = 100;

  @Option(
      names = "--failure-margin",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description =
          "How much greater its share of failures may be, 0 to 1; 0.01 unless told otherwise.")
  private double failureMargin = 0.01;

  @Option(
      names = "--latency-factor",
      paramLabel = "FACTOR",
      defaultValue = "1.5",
      description = "How many times the old P99 its P99 may be; 1.5 unless told otherwise.")
  private double latencyFactor = 1.5;

  @Option(
      names = "--latency-slack",
      paramLabel = "MILLISECONDS",
      defaultValue = "50",
      description = "What it may be slower besides; 50 unless told otherwise.")
  private long latencySlack = 50;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait for calls enough; 120 unless told otherwise.")
  private long patience = 120;

  /**
   * @throws IllegalArgumentException when it can never be passed
   */
  Gate gate() {
    return new Gate(
        minimumCalls,
        failureMargin,
        latencyFactor,
        Duration.ofMillis(latencySlack),
        Duration.ofSeconds(patience),
        Gate.USUAL.interval());
  }
}
