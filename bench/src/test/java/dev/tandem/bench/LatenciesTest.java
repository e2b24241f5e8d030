package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void oneInAHundredMayBeSlowerThanThe99thPercentile() {
    Latencies latencies =
        new Latencies(LongStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray());

    assertThat(latencies.quantile(0.99)).isEqualTo(990);
    assertThat(latencies.quantile(0.5)).isEqualTo(500);
  }

  @Test
  void aSingleCallIsEveryPercentile() {
    assertThat(new Latencies(new long[] {7}).quantile(0.99)).isEqualTo(7);
  }

  @Test
  void refusesALoadWithoutACall() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Latencies(new long[0]));
  }
}
