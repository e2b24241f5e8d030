package dev.tandem.e2e.drill;

import java.time.Duration;
import java.util.Optional;

/** What a drill is measured by. */
enum Goal {
  /** How soon the fault is somebody else's problem. */
  MOVED("99% of traffic moved within 500 ms"),
  /** Whether callers saw it. */
  NONE_FAILED("no call failed"),
  /** How long the unluckiest one waited. */
  SLOWEST("slowest call under 600 ms"),
  /** Whether a repeated payment was made again. */
  NONE_DUPLICATED("no payment made twice, none lost"),
  /** How soon all is as it was. */
  HOME("home within 10 s of the repair"),
  /** Whether callers saw the return. */
  HOME_UNFELT("no call failed on the way home");

  private static final Duration MOVED_LIMIT = Duration.ofMillis(500);
  private static final Duration SLOWEST_LIMIT = Duration.ofMillis(600);
  private static final Duration HOME_LIMIT = Duration.ofSeconds(10);

  private final String text;

  Goal(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** Whether a result meets it; empty where it means nothing. */
  Optional<Boolean> met(Result result) {
    Figures figures = result.figures();
    return switch (this) {
      case MOVED -> within(figures.moved(), MOVED_LIMIT, result.concerns());
      case NONE_FAILED -> Optional.of(figures.failures() == 0);
      case SLOWEST -> Optional.of(figures.slowest().compareTo(SLOWEST_LIMIT) < 0);
      case NONE_DUPLICATED ->
          Optional.of(result.stored().duplicated() == 0 && result.stored().lost() == 0);
      case HOME -> within(figures.home(), HOME_LIMIT, result.homeExpected());
      case HOME_UNFELT -> Optional.of(figures.failedAfterRepair() == 0);
    };
  }

  private static Optional<Boolean> within(
      Optional<Duration> took, Duration limit, boolean expected) {
    return expected
        ? Optional.of(took.map(time -> time.compareTo(limit) <= 0).orElse(false))
        : Optional.empty();
  }
}
