package dev.tandem.cli.migrate;

import java.time.Duration;
import picocli.CommandLine.Option;

/** When a phase is good enough. */
final class GateOptions {

  @Option(
      names = "--minimum-calls",
      paramLabel = "N",
      description =
          "Calls that the new deployment must have had; ${DEFAULT-VALUE} unless told otherwise.")
  private long minimumCalls = Gate.USUAL.minimumCalls();

  @Option(
      names = "--failure-margin",
      paramLabel = "SHARE",
      description =
          "How much greater its share of failures may be, 0 to 1; ${DEFAULT-VALUE} unless told otherwise.")
  private double failureMargin = Gate.USUAL.failureMargin();

  @Option(
      names = "--latency-factor",
      paramLabel = "FACTOR",
      description =
          "How many times the old P99 its P99 may be; ${DEFAULT-VALUE} unless told otherwise.")
  private double latencyFactor = Gate.USUAL.latencyFactor();

  @Option(
      names = "--latency-slack",
      paramLabel = "MILLISECONDS",
      description = "What it may be slower besides; ${DEFAULT-VALUE} unless told otherwise.")
  private long latencySlack = Gate.USUAL.latencySlack().toMillis();

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long to wait for calls enough; ${DEFAULT-VALUE} unless told otherwise.")
  private long patience = Gate.USUAL.patience().toSeconds();

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
