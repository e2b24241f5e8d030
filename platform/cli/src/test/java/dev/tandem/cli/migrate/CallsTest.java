package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CallsTest {

  @Test
  void findsTheTimeWithinWhich99Of100CallsWereDone() {
    Histogram latency = histogram(Map.of(10.0, 90L, 20.0, 98L, 40.0, 100L));

    assertThat(latency.quantile(0.99))
        .hasValueSatisfying(time -> assertThat(time).isCloseTo(30, within(0.01)));
    assertThat(latency.quantile(0.5))
        .hasValueSatisfying(time -> assertThat(time).isCloseTo(5.56, within(0.01)));
  }

  @Test
  void takesTheLastBoundForWhatIsBeyondIt() {
    assertThat(histogram(Map.of(10.0, 50L, Double.POSITIVE_INFINITY, 100L)).quantile(0.99))
        .hasValue(10.0);
  }

  @Test
  void knowsNoTimeWithoutCalls() {
    assertThat(Histogram.EMPTY.quantile(0.99)).isEmpty();
    assertThat(Calls.NONE.failureShare()).isZero();
  }

  @Test
  void looksAtWhatCameSinceAnEarlierReading() {
    Calls earlier = new Calls(Map.of(0, 100L), 1, histogram(Map.of(10.0, 100L)));
    Calls now = new Calls(Map.of(0, 150L, 14, 10L), 3, histogram(Map.of(10.0, 140L, 20.0, 160L)));

    Calls since = now.since(earlier);

    assertThat(since.byStatus()).isEqualTo(Map.of(0, 50L, 14, 10L));
    assertThat(since.retries()).isEqualTo(2);
    assertThat(since.latency().count()).isEqualTo(60);
  }

  @Test
  void beginsFromNothingWhenAProxyWasStartedAnew() {
    Calls earlier = new Calls(Map.of(0, 100L), 0, histogram(Map.of(10.0, 100L)));
    Calls now = new Calls(Map.of(0, 5L), 0, histogram(Map.of(10.0, 5L)));

    assertThat(now.since(earlier)).isEqualTo(now);
  }

  @Test
  void addsHistogramsWhoseBoundsDiffer() {
    Histogram sum =
        histogram(Map.of(10.0, 4L, 40.0, 6L)).plus(histogram(Map.of(20.0, 3L, 40.0, 5L)));

    assertThat(sum.upTo()).isEqualTo(Map.of(10.0, 4L, 20.0, 7L, 40.0, 11L));
  }

  @Test
  void doesNotMixUpProxies() {
    Reading earlier = new Reading(Map.of("old-pod", Map.of(Track.STABLE, calls(1000))), 0);
    Reading now = new Reading(Map.of("new-pod", Map.of(Track.STABLE, calls(10))), 0);

    assertThat(Objects.requireNonNull(now.since(earlier).get(Track.STABLE)).finished())
        .isEqualTo(10);
  }

  private static Calls calls(long count) {
    return new Calls(Map.of(0, count), 0, Histogram.EMPTY);
  }

  private static Histogram histogram(Map<Double, Long> upTo) {
    return new Histogram(new TreeMap<>(upTo));
  }
}
