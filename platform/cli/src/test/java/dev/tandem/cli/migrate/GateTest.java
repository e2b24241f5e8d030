package dev.tandem.cli.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.migrate.Gate.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GateTest {

  private static final Gate GATE = Gate.USUAL;

  @Test
  void passesWhatIsAsGoodAsTheOldOne() {
    Verdict verdict = judge(calls(1000, 0, 20), calls(200, 0, 25));

    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Good.class, good -> assertThat(good.baseline()).isPresent());
  }

  @Test
  void refusesAFailingOneAlthoughEveryAnswerWasHttp200() {
    assertThat(judge(calls(1000, 0, 20), calls(200, 10, 20)).seen())
        .isEqualTo(
            "called from shanghai, 10 of 200 tries failed (5.0%, and 1.0% are allowed), by status"
                + " {0=190, 14=10}, 0 tried again");
  }

  @Test
  void doesNotWaitForMoreCallsWhenFailuresAreNoAccident() {
    assertThat(judge(calls(1000, 0, 20), calls(8, 5, 20))).isInstanceOf(Verdict.Bad.class);
  }

  @Test
  void doesNotTakeOneFailureOfFewCallsForATrend() {
    assertThat(judge(calls(1000, 0, 20), calls(8, 1, 20))).isInstanceOf(Verdict.Unclear.class);
  }

  @Test
  void forgivesWhatTheOldOneDoesToo() {
    assertThat(judge(calls(1000, 100, 20), calls(200, 21, 20))).isInstanceOf(Verdict.Good.class);
  }

  @Test
  void refusesASlowOne() {
    assertThat(judge(calls(1000, 0, 100), calls(200, 0, 400)).seen())
        .startsWith("its P99 is 398 ms, and 199 ms are allowed");
  }

  @Test
  void doesNotTakeTheSlowestOfFewCallsForTheirP99() {
    assertThat(judge(calls(1000, 0, 100), slow(120, 2))).isInstanceOf(Verdict.Good.class);
  }

  @Test
  void refusesOneThatIsSlowOnceInTwentyCalls() {
    assertThat(judge(calls(1000, 0, 100), slow(120, 6))).isInstanceOf(Verdict.Bad.class);
  }

  @Test
  void seesASmallDifferenceInManyCalls() {
    assertThat(judge(calls(1000, 0, 100), slow(100_000, 1_200))).isInstanceOf(Verdict.Bad.class);
    assertThat(judge(calls(100_000, 0, 20), calls(100_000, 1_200, 20)))
        .isInstanceOf(Verdict.Bad.class);
  }

  @Test
  void doesNotTakeTwoFailuresInAHundredCallsForMoreThanOneInAHundred() {
    assertThat(judge(calls(1000, 0, 20), calls(100, 2, 20))).isInstanceOf(Verdict.Good.class);
  }

  @Test
  void forgivesMilliseconds() {
    assertThat(judge(calls(1000, 0, 1), calls(200, 0, 40))).isInstanceOf(Verdict.Good.class);
  }

  @Test
  void remembersTheOldOneWhenNobodyCallsItAnyMore() {
    Verdict verdict =
        GATE.judge(
            Map.of("shanghai", Map.of(Track.CANDIDATE, calls(200, 0, 400))),
            Optional.of(new Baseline(0, 100)),
            0);

    assertThat(verdict).isInstanceOf(Verdict.Bad.class);
  }

  @Test
  void refusesOneThatWasRestarted() {
    assertThat(GATE.judge(Map.of(), Optional.empty(), 2).seen())
        .isEqualTo("the new deployment was restarted 2 times");
  }

  @Test
  void doesNotMindMistakesOfCallers() {
    Calls notFound = new Calls(Map.of(0, 100L, 5, 60L, 3, 40L), 0, Histogram.EMPTY);

    assertThat(judge(calls(1000, 0, 20), notFound)).isInstanceOf(Verdict.Good.class);
  }

  @Test
  void comparesAnswersOfCallsAndTheirCopies() {
    List<Answer> live = List.of(new Answer("1", "m", "OK a"), new Answer("2", "m", "OK b"));
    List<Answer> copies = List.of(new Answer("2", "m", "OK c"), new Answer("3", "m", "OK d"));

    List<Answer.Pair> pairs = Answer.pairs(live, copies);

    assertThat(pairs).containsExactly(new Answer.Pair("m", "OK b", "OK c"));
    assertThat(GATE.judgeAnswers(pairs, 0).seen())
        .isEqualTo("1 of 1 answers differ, the first one: m: OK b was answered before, OK c now");
  }

  @Test
  void needsAnswersEnough() {
    assertThat(GATE.judgeAnswers(List.of(new Answer.Pair("m", "OK a", "OK a")), 0))
        .isInstanceOf(Verdict.Unclear.class);
  }

  private static Verdict judge(Calls stable, Calls candidate) {
    return GATE.judge(
        Map.of("shanghai", Map.of(Track.STABLE, stable, Track.CANDIDATE, candidate)),
        Optional.empty(),
        0);
  }

  /** Calls of 50 ms, and among them some of a second. */
  private static Calls slow(long all, long slow) {
    return new Calls(
        Map.of(0, all),
        0,
        new Histogram(new TreeMap<>(Map.of(50.0, all - slow, 500.0, all - slow, 1000.0, all))));
  }

  private static Calls calls(long all, long unavailable, double millis) {
    return new Calls(
        Map.of(0, all - unavailable, 14, unavailable),
        0,
        new Histogram(new TreeMap<>(Map.of(millis / 2, 0L, millis, all))));
  }
}
