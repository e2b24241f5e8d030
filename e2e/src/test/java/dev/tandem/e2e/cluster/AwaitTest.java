package dev.tandem.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AwaitTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  @Test
  void asksUntilNothingIsInTheWay() {
    AtomicInteger asked = new AtomicInteger();

    Await.until(
        "the third question",
        Duration.ofMinutes(1),
        () -> asked.incrementAndGet() < 3 ? Optional.of("too early") : Optional.empty());

    assertThat(asked).hasValue(3);
  }

  @Test
  void saysWhatWasInTheWay() {
    assertThatThrownBy(
            () -> Await.until("istiod to be in sync", SHORT, () -> Optional.of("it says syncing")))
        .hasMessage("waited 0 s for istiod to be in sync; instead: it says syncing");
  }

  @Test
  void countsAFailedQuestionAsInTheWay() {
    assertThatThrownBy(
            () ->
                Await.until(
                    "an answer",
                    SHORT,
                    () -> {
                      throw new AssertionError("istioctl ended with 1");
                    }))
        .hasMessageContaining("instead: java.lang.AssertionError: istioctl ended with 1");
  }

  @Test
  void saysWhatAWatchSawInstead() {
    assertThat(Await.seen("a pod", SHORT, CompletableFuture.completedFuture("user-0"), () -> ""))
        .isEqualTo("user-0");
    assertThatThrownBy(
            () ->
                Await.seen(
                    "the pods of user to be gone",
                    SHORT,
                    new CompletableFuture<>(),
                    () -> "user-0 (Running)"))
        .hasMessage("waited 0 s for the pods of user to be gone; instead: user-0 (Running)");
  }
}
