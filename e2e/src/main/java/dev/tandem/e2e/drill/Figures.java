package dev.tandem.e2e.drill;

import io.grpc.Status;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What callers felt of a fault. Times are upper bounds: they count from before the fault was made,
 * and to the end of the run of calls that shows what is claimed.
 *
 * @param calls all calls of the drill
 * @param failedBefore calls that failed before the fault: more than none and the drill says nothing
 * @param failed calls that failed from the fault on, by status; streams that were cut are not among
 *     them
 * @param withoutDatabase payments that failed, as they had to: the fault left no way to the
 *     database
 * @param failedAfterRepair failed calls that were sent when the broken part was back
 * @param cut streams that stood and were lost: a caller opens them again
 * @param moved from the fault until 99 of any 100 calls that it concerns were answered by the
 *     healthy side; empty when that never came about, or when the fault concerns no calls
 * @param home from when the broken part was back until it answered at least half of its earlier
 *     share again; empty likewise
 * @param slowest the slowest unary call from the fault on
 * @param slowestBefore the slowest unary call before it
 * @param usual the latency that 99 of 100 unary calls did not exceed from the fault on
 * @param flaps how often traffic went back to the broken side before it was repaired, or left it
 *     again after it had come home
 */
record Figures(
    int calls,
    int failedBefore,
    Map<Status.Code, Long> failed,
    int withoutDatabase,
    int failedAfterRepair,
    int cut,
    Optional<Duration> moved,
    Optional<Duration> home,
    Duration slowest,
    Duration slowestBefore,
    Duration usual,
    int flaps) {
  /** 99 of a hundred calls: the smallest run in which one per cent is a call. */
  private static final int RUN = 100;

  private static final int ALLOWED_STRAYS = 1;

  /** Less than half a second of traffic: coming home is seen soon. */
  private static final int HOME_RUN = 40;

  static Figures of(List<DrilledCall> calls, Moments moments, Paths paths) {
    List<DrilledCall> ordered =
        calls.stream().sorted(Comparator.comparing(DrilledCall::start)).toList();
    Predicate<DrilledCall> hopeless = call -> hopeless(call, moments, paths);
    List<DrilledCall> all =
        ordered.stream().filter(call -> call.end().compareTo(moments.struck()) >= 0).toList();
    List<DrilledCall> since = all.stream().filter(hopeless.negate()).toList();
    List<DrilledCall> failed = since.stream().filter(call -> failed(call, moments, paths)).toList();
    List<DrilledCall> before =
        ordered.stream().filter(call -> call.end().compareTo(moments.struck()) < 0).toList();
    Movement movement = Movement.of(ordered, moments, paths);
    return new Figures(
        calls.size(),
        (int) before.stream().filter(call -> !call.ok()).count(),
        failed.stream()
            .collect(
                Collectors.groupingBy(
                    call -> call.call().status(), TreeMap::new, Collectors.counting())),
        (int) all.stream().filter(hopeless).filter(call -> !call.ok()).count(),
        (int)
            failed.stream()
                .filter(call -> !call.start().minus(moments.back()).isNegative())
                .count(),
        (int) since.stream().filter(DrilledCall::cut).count(),
        movement.moved(),
        movement.home(),
        latency(since, 1),
        latency(before, 1),
        latency(since, 0.99),
        movement.flaps());
  }

  /** Whether a call counts as failed: from the fault on, and neither cut nor without a chance. */
  static boolean failed(DrilledCall call, Moments moments, Paths paths) {
    return !call.ok()
        && !call.cut()
        && call.end().compareTo(moments.struck()) >= 0
        && !hopeless(call, moments, paths);
  }

  /**
   * Payments that had no way to the database fail before the repair and may still be on their way
   * after it.
   */
  private static boolean hopeless(DrilledCall call, Moments moments, Paths paths) {
    return paths.hopeless(call) && call.start().compareTo(moments.back()) < 0;
  }

  /** What is known before anything is broken, of the calls that were sent since an instant. */
  static Figures before(List<DrilledCall> calls, Duration since) {
    List<DrilledCall> lately =
        calls.stream().filter(call -> call.start().compareTo(since) >= 0).toList();
    Duration never = Duration.ofDays(1);
    return of(lately, new Moments(never, never, never, never), Paths.none());
  }

  /** How many calls failed from the fault on. */
  long failures() {
    return failed.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The latency that a share of the unary calls did not exceed (nearest rank). */
  private static Duration latency(List<DrilledCall> calls, double share) {
    List<Duration> sorted =
        calls.stream()
            .filter(call -> call.kind() != DrilledCall.Kind.WATCH)
            .map(call -> call.call().latency())
            .sorted()
            .toList();
    return sorted.isEmpty()
        ? Duration.ZERO
        : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  /** Where traffic went, and when. */
  private record Movement(Optional<Duration> moved, Optional<Duration> home, int flaps) {
    static Movement of(List<DrilledCall> ordered, Moments moments, Paths paths) {
      List<DrilledCall> concerned = ordered.stream().filter(paths::concern).toList();
      if (concerned.isEmpty()) {
        return new Movement(Optional.empty(), Optional.empty(), 0);
      }
      List<DrilledCall> during = between(concerned, moments.struck(), moments.repairing());
      List<DrilledCall> after = between(concerned, moments.back(), moments.end().plusNanos(1));
      Predicate<DrilledCall> served = call -> call.ok() && !paths.used(call);
      Optional<Integer> moved =
          firstRun(during, RUN, 0, run -> misses(run, served) <= ALLOWED_STRAYS);
      double share = share(between(concerned, Duration.ZERO, moments.struck()), paths::used);
      Optional<Integer> home =
          share == 0
              ? Optional.empty()
              : firstRun(after, HOME_RUN, 0, run -> share(run, paths::used) >= share / 2);
      int flaps =
          moved.map(at -> episodes(during, at, run -> misses(run, served) > RUN / 20)).orElse(0)
              + home.map(at -> episodes(after, at, run -> share(run, paths::used) < share / 8))
                  .orElse(0);
      return new Movement(
          moved.map(at -> during.get(at).start().minus(moments.struck())),
          // The end of the run: by then it has been seen.
          home.map(at -> after.get(at + HOME_RUN - 1).start().minus(moments.back())),
          flaps);
    }

    private static List<DrilledCall> between(
        List<DrilledCall> calls, Duration from, Duration until) {
      return calls.stream()
          .filter(call -> call.start().compareTo(from) >= 0 && call.start().compareTo(until) < 0)
          .toList();
    }

    private static Optional<Integer> firstRun(
        List<DrilledCall> calls, int length, int from, Predicate<List<DrilledCall>> wanted) {
      for (int at = from; at + length <= calls.size(); at++) {
        if (wanted.test(calls.subList(at, at + length))) {
          return Optional.of(at);
        }
      }
      return Optional.empty();
    }

    /** How many separate times runs of calls were as they should not be. */
    private static int episodes(
        List<DrilledCall> calls, int from, Predicate<List<DrilledCall>> wrong) {
      int episodes = 0;
      Optional<Integer> at = firstRun(calls, RUN, from, wrong);
      while (at.isPresent()) {
        episodes++;
        Optional<Integer> right = firstRun(calls, RUN, at.get(), wrong.negate());
        at = right.flatMap(next -> firstRun(calls, RUN, next, wrong));
      }
      return episodes;
    }

    private static long misses(List<DrilledCall> run, Predicate<DrilledCall> served) {
      return run.stream().filter(served.negate()).count();
    }

    private static double share(List<DrilledCall> calls, Predicate<DrilledCall> those) {
      return calls.isEmpty() ? 0 : calls.stream().filter(those).count() / (double) calls.size();
    }
  }
}
