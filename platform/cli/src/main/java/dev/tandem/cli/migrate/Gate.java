package dev.tandem.cli.migrate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Judges the new deployment by the old one, on calls of the same time: a slow network or a busy
 * machine is slow for both. Worse is what cannot be chance: of 60 calls, one in two deployments
 * that are as good as the old one has a slowest call that is slower than the old one's P99.
 *
 * @param minimumCalls of the new deployment, before it can be judged good. It is found bad as soon
 *     as its failures cannot be chance
 * @param failureMargin how much greater its share of failures may be
 * @param latencyFactor how many times its P99 may be the old one's
 * @param latencySlack what it may be slower besides, so that 3 ms instead of 1 is no reason
 * @param patience how long to wait for calls enough
 * @param interval between looks
 */
record Gate(
    long minimumCalls,
    double failureMargin,
    double latencyFactor,
    Duration latencySlack,
    Duration patience,
    Duration interval) {

  static final Gate USUAL =
      new Gate(
          100, 0.01, 1.5, Duration.ofMillis(50), Duration.ofSeconds(120), Duration.ofSeconds(1));

  /** So many failures are no accident, however few calls there were. */
  private static final int FAILURES_BEYOND_CHANCE = 5;

  /**
   * What would be seen of a deployment as good as the old one more often than this is not held
   * against the new one.
   */
  private static final double CHANCE = 0.01;

  /** By the meaning of P99. */
  private static final double SLOWER_THAN_P99 = 0.01;

  /** Copies cost nobody anything: so many times the calls are awaited of them. */
  private static final int COPIES = 10;

  /** Of so many compared answers none may differ. */
  private static final int MINIMUM_ANSWERS = 50;

  Gate {
    if (minimumCalls < 1 || failureMargin < 0 || latencyFactor < 1) {
      throw new IllegalArgumentException(
          "a gate needs one call at least, a margin of 0 or more and a factor of 1 or more");
    }
  }

  sealed interface Verdict {

    /** What was seen, as a sentence without its full stop. */
    String seen();

    /** As good as the old one; what that was, when it had calls enough to say. */
    record Good(String seen, Optional<Baseline> baseline) implements Verdict {

      /** What another look at the same phase says, this one being good. */
      Verdict and(Verdict other) {
        return other instanceof Good(String seenToo, Optional<Baseline> known)
            ? new Good(seen + "; " + seenToo, known)
            : other;
      }
    }

    /** Worse, and in what. */
    record Bad(String seen) implements Verdict {}

    /** Too few calls to tell. */
    record Unclear(String seen) implements Verdict {}

    /**
     * Slow, as what has just started is: to be judged again on its next calls, and by them only.
     */
    record Cold(String seen) implements Verdict {}
  }

  /**
   * Judges a phase in which the new deployment answers callers.
   *
   * @param byCluster the calls since the phase began, by calling cluster
   * @param known what the old deployment was like before, for when it has no calls any more
   * @param restarts of the new deployment since the phase began
   */
  Verdict judge(Map<String, Map<Track, Calls>> byCluster, Optional<Baseline> known, int restarts) {
    if (restarts > 0) {
      return new Verdict.Bad("the new deployment was restarted %d times".formatted(restarts));
    }
    Calls stable = total(byCluster, Track.STABLE);
    Calls candidate = total(byCluster, Track.CANDIDATE);
    Optional<Baseline> fresh =
        stable.finished() >= minimumCalls
            ? Optional.of(new Baseline(stable.failureShare(), stable.p99Millis()))
            : Optional.empty();
    Optional<Baseline> baseline = fresh.or(() -> known);
    double allowedFailures = baseline.map(Baseline::failureShare).orElse(0.0) + failureMargin;
    // Each caller's cluster by itself: what is broken in one of two looks half as bad in the sum.
    for (Map.Entry<String, Map<Track, Calls>> cluster : byCluster.entrySet()) {
      Calls calls = cluster.getValue().getOrDefault(Track.CANDIDATE, Calls.NONE);
      if (failsTooOften(calls, allowedFailures)) {
        return new Verdict.Bad(
            "called from %s, %s".formatted(cluster.getKey(), failures(calls, allowedFailures)));
      }
    }
    if (failsTooOften(candidate, allowedFailures)) {
      return new Verdict.Bad(failures(candidate, allowedFailures));
    }
    if (candidate.finished() < minimumCalls) {
      return new Verdict.Unclear(
          "%d calls of the new deployment, and %d are needed"
              .formatted(candidate.finished(), minimumCalls));
    }
    if (baseline.isPresent() && isSlow(candidate, baseline.get())) {
      return new Verdict.Bad(slowness(candidate, baseline.get()));
    }
    return new Verdict.Good(
        "%d calls, %.2f%% failed, P99 %.0f ms (the old one: %s)"
            .formatted(
                candidate.finished(),
                100 * candidate.failureShare(),
                candidate.p99Millis(),
                baseline
                    .map(
                        old ->
                            "%.2f%%, %.0f ms".formatted(100 * old.failureShare(), old.p99Millis()))
                    .orElse("too few calls")),
        fresh);
  }

  /** Judges a phase in which live calls were copied: the same question must get the same answer. */
  Verdict judgeAnswers(List<Answer.Pair> pairs, int restarts) {
    if (restarts > 0) {
      return new Verdict.Bad("the new deployment was restarted %d times".formatted(restarts));
    }
    List<Answer.Pair> different = pairs.stream().filter(pair -> !pair.agrees()).toList();
    if (!different.isEmpty()) {
      return new Verdict.Bad(
          "%d of %d answers differ, the first one: %s"
              .formatted(different.size(), pairs.size(), different.getFirst()));
    }
    return pairs.size() < MINIMUM_ANSWERS
        ? new Verdict.Unclear(
            "%d answers were compared, and %d are needed".formatted(pairs.size(), MINIMUM_ANSWERS))
        : new Verdict.Good(
            "%d answers were compared, all alike".formatted(pairs.size()), Optional.empty());
  }

  /**
   * Judges how fast the copies were answered, which are what a new deployment gets warm by.
   *
   * @param byCluster the calls and copies since the last judgement, by calling cluster
   * @param patient whether there is time to wait for more
   */
  Verdict judgeCopies(Map<String, Map<Track, Calls>> byCluster, boolean patient) {
    Calls stable = total(byCluster, Track.STABLE);
    Calls copies = total(byCluster, Track.CANDIDATE);
    long seen = copies.latency().count();
    if (patient && seen < COPIES * minimumCalls) {
      return new Verdict.Unclear(
          "%d copies were answered, and %d are needed".formatted(seen, COPIES * minimumCalls));
    }
    Baseline baseline = new Baseline(0, stable.p99Millis());
    return isSlow(copies, baseline)
        ? new Verdict.Cold(slowness(copies, baseline))
        : new Verdict.Good(
            "P99 of %d copies is %.0f ms (of the old one's calls: %.0f ms)"
                .formatted(seen, copies.p99Millis(), baseline.p99Millis()),
            Optional.empty());
  }

  private boolean isSlow(Calls calls, Baseline baseline) {
    double allowed = allowedP99(baseline);
    return calls.p99Millis() > allowed
        && !isChance(calls.latency().slowerThan(allowed), calls.latency().count(), SLOWER_THAN_P99);
  }

  private String slowness(Calls calls, Baseline baseline) {
    return "its P99 is %.0f ms, and %.0f ms are allowed (the old one: %.0f ms)"
        .formatted(calls.p99Millis(), allowedP99(baseline), baseline.p99Millis());
  }

  private boolean failsTooOften(Calls calls, double allowed) {
    boolean enough = calls.finished() >= minimumCalls || calls.failures() >= FAILURES_BEYOND_CHANCE;
    return enough
        && calls.failureShare() > allowed
        && !isChance(calls.failures(), calls.finished() + calls.retries(), allowed);
  }

  /** Whether so many of so many may well be had where each is one with this likelihood. */
  private static boolean isChance(long seen, long of, double likelihood) {
    if (seen == 0 || likelihood >= 1) {
      return true;
    }
    return BinomialDistribution.of(Math.toIntExact(of), likelihood)
            .survivalProbability(Math.toIntExact(seen - 1))
        > CHANCE;
  }

  private static String failures(Calls calls, double allowed) {
    return "%d of %d tries failed (%.1f%%, and %.1f%% are allowed), by status %s, %d tried again"
        .formatted(
            calls.failures(),
            calls.finished() + calls.retries(),
            100 * calls.failureShare(),
            100 * allowed,
            calls.byStatus(),
            calls.retries());
  }

  private double allowedP99(Baseline baseline) {
    return baseline.p99Millis() * latencyFactor + latencySlack.toMillis();
  }

  private static Calls total(Map<String, Map<Track, Calls>> byCluster, Track track) {
    return Calls.sum(
        byCluster.values().stream().map(calls -> calls.getOrDefault(track, Calls.NONE)));
  }
}
