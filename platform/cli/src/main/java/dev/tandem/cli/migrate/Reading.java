package dev.tandem.cli.migrate;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * The counters of a cluster at one moment, by proxy: each begins from nothing when its pod does, so
 * that only readings of the same proxy can be subtracted.
 *
 * @param byProxy the calls of each proxy, by pod and by deployment called
 * @param restarts how often containers of the new deployment were started again
 */
record Reading(Map<String, Map<Track, Calls>> byProxy, int restarts) {

  Reading {
    byProxy = Map.copyOf(byProxy);
  }

  /** What happened since an earlier reading. */
  Map<Track, Calls> since(Reading earlier) {
    Map<Track, Calls> sum = new EnumMap<>(Track.class);
    byProxy.forEach(
        (proxy, calls) -> {
          Map<Track, Calls> before = earlier.byProxy.getOrDefault(proxy, Map.of());
          calls.forEach(
              (track, now) ->
                  sum.merge(track, now.since(before.getOrDefault(track, Calls.NONE)), Calls::plus));
        });
    return new HashMap<>(sum);
  }
}
