package dev.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** Never shortens a pause. */
  private static final RandomGenerator NONE =
      new Random() {
        @Override
        public long nextLong(long bound) {
          return 0;
        }
      };

  @Test
  void pausesDoubleUpToTheLongestAndBeginAnew() {
    Backoff backoff = new Backoff(LONGEST, NONE);

    assertThat(Stream.generate(backoff::next).limit(6))
        .containsExactly(
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            Duration.ofMillis(800),
            LONGEST,
            LONGEST);
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void aPauseIsUpToHalfShorterAtRandom() {
    Backoff backoff = new Backoff(LONGEST, new Random(1));

    assertThat(Stream.generate(backoff::next).skip(4).limit(200))
        .allSatisfy(pause -> assertThat(pause).isBetween(LONGEST.dividedBy(2), LONGEST))
        .doesNotHaveDuplicates();
  }
}
