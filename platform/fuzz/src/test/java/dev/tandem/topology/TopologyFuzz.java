package dev.tandem.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

/** {@code topology.yaml}: a topology, or mistakes with their places. */
final class TopologyFuzz {

  private TopologyFuzz() {}

  /** Jazzer's entry point. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (TopologyFile.parse("fuzz", new String(input, UTF_8)).toString().isBlank()) {
      throw new AssertionError("refused without a word");
    }
  }
}
