package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class H2loadTest {

  private static final String OUTPUT =
      """
      Main benchmark duration is over for thread #0. Stopping all clients.

      finished in 3.00s, 50000.33 req/s, 4.91MB/s
      requests: 150001 total, 150129 started, 150001 done, 150001 succeeded, 0 failed, 0 errored, 0 timeout
      status codes: 150001 2xx, 0 3xx, 0 4xx, 0 5xx
      traffic: 14.73MB (15442946) total, 3.00MB (3145728) headers (space savings 95.16%%), %s data
      """;

  @Test
  void readsCallsAndRate() throws IOException {
    Load load = H2load.read(OUTPUT.formatted("3.72MB (3900026)"), 26, Duration.ofSeconds(3));

    assertThat(load).isEqualTo(new Load(150_001, 50_000.33, Duration.ofSeconds(3)));
    assertThat(load.microsecondsPerCall()).isBetween(19.99, 20.0);
  }

  @Test
  void refusesALoadWhoseCallsWereAnsweredWithoutAUser() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> H2load.read(OUTPUT.formatted("0B (0)"), 26, Duration.ofSeconds(3)))
        .withMessageStartingWith("of 150001 calls 0 were answered with a user");
  }

  @Test
  void showsWhatH2loadSaidWhenThatIsNoResult() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> H2load.read("unable to connect\n", 26, Duration.ZERO))
        .withMessage("h2load printed no result: unable to connect");
  }
}
