package dev.tandem.e2e.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.e2e.drill.DrilledCall.Kind;
import dev.tandem.e2e.drill.Paths.Path;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FiguresTest {
  private static final Paths TO_EAST =
      Paths.closed(Set.of(new Path("west", "east")), Set.of("user", "payment"));

  private final Calls calls = new Calls().answered(4, "east", "west");

  @Test
  void trafficHasMovedFromTheFirstCallsOfWhichTheBrokenSideAnswersNoMoreThanOnePercent() {
    Duration struck = calls.now();
    calls.answered(1, "east", "west").answered(5, "west");

    Figures figures = figures(struck, calls.now());

    assertThat(figures.moved())
        .hasValueSatisfying(moved -> assertThat(moved.toMillis()).isBetween(950L, 1000L));
  }

  @Test
  void trafficThatMovesAtOnceHasMovedAtOnce() {
    Duration struck = calls.now();
    calls.answered(5, "west");

    assertThat(figures(struck, calls.now()).moved()).contains(Duration.ZERO);
  }

  @Test
  void trafficThatNobodyAnswersHasNotMoved() {
    Duration struck = calls.now();
    for (int count = 0; count < 500; count++) {
      calls.add(Kind.READ, "", Status.Code.UNAVAILABLE, 5, 0);
    }

    Figures figures = figures(struck, calls.now());

    assertThat(figures.moved()).isEmpty();
    assertThat(figures.failed()).isEqualTo(Map.of(Status.Code.UNAVAILABLE, 500L));
  }

  @Test
  void aCallThatWasUnderWayWhenTheFaultCameCountsAmongItsVictims() {
    calls.add(Kind.READ, "", Status.Code.DEADLINE_EXCEEDED, 5000, 0);
    Duration struck = calls.now();
    calls.answered(6, "west");

    Figures figures = figures(struck, calls.now());

    assertThat(figures.failures()).isEqualTo(1);
    assertThat(figures.failedBefore()).isZero();
    assertThat(figures.slowest()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aCallThatFailedBeforeTheFaultIsNotBlamedOnIt() {
    calls.add(Kind.READ, "", Status.Code.UNAVAILABLE, 1, 0);
    calls.answered(1, "west");
    Duration struck = calls.now();
    calls.answered(2, "west");

    Figures figures = figures(struck, calls.now());

    assertThat(figures.failedBefore()).isEqualTo(1);
    assertThat(figures.failures()).isZero();
  }

  @Test
  void aStreamThatStoodAndWasLostIsCutAndOneThatNeverStoodHasFailed() {
    Duration struck = calls.now();
    calls.add(Kind.WATCH, "east", Status.Code.UNAVAILABLE, 300, 1);
    calls.add(Kind.WATCH, "", Status.Code.UNAVAILABLE, 300, 0);
    calls.answered(2, "west");

    Figures figures = figures(struck, calls.now());

    assertThat(figures.cut()).isEqualTo(1);
    assertThat(figures.failures()).isEqualTo(1);
  }

  @Test
  void trafficIsHomeWhenTheRepairedSideHasHalfOfItsEarlierShareAgain() {
    Duration struck = calls.now();
    calls.answered(3, "west");
    Duration repaired = calls.now();
    calls.answered(2, "west").answered(4, "east", "west");

    Figures figures = figures(struck, repaired);

    assertThat(figures.home())
        .hasValueSatisfying(
            home -> assertThat(home).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2500)));
    assertThat(figures.flaps()).isZero();
  }

  @Test
  void trafficThatLeavesAgainAfterItCameHomeFlaps() {
    Duration struck = calls.now();
    calls.answered(3, "west");
    Duration repaired = calls.now();
    calls
        .answered(2, "east", "west")
        .answered(3, "west")
        .answered(2, "east", "west")
        .answered(3, "west");

    assertThat(figures(struck, repaired).flaps()).isEqualTo(2);
  }

  @Test
  void aPaymentWithoutAnyWayToTheDatabaseIsCountedApart() {
    Paths paths = new Paths(Set.of(new Path("west", "east")), Set.of("user"), Set.of("west"));
    Duration struck = calls.now();
    calls.add(Kind.CHARGE, "", Status.Code.UNAVAILABLE, 5000, 0);
    calls.add(Kind.READ, "", Status.Code.UNAVAILABLE, 20, 0);
    Duration repaired = calls.answered(3, "west").now();
    calls.answered(1, "west");

    Figures figures =
        Figures.of(calls.all(), new Moments(struck, repaired, repaired, calls.now()), paths);

    assertThat(figures.withoutDatabase()).isEqualTo(1);
    assertThat(figures.failures()).isEqualTo(1);
    assertThat(figures.slowest()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void aFaultThatClosesNoWayMovesNothing() {
    Duration struck = calls.now();
    calls.answered(2, "east", "west");

    Figures figures =
        Figures.of(
            calls.all(), new Moments(struck, calls.now(), calls.now(), calls.now()), Paths.none());

    assertThat(figures.moved()).isEmpty();
    assertThat(figures.home()).isEmpty();
  }

  private Figures figures(Duration struck, Duration repaired) {
    return Figures.of(calls.all(), new Moments(struck, repaired, repaired, calls.now()), TO_EAST);
  }
}
