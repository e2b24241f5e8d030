package dev.tandem.e2e.drill;

import dev.tandem.e2e.cluster.Clusters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The database's word on a drill's payments, compared with the callers'.
 *
 * @param rows payments that the database has
 * @param duplicated payments beyond the first under one key
 * @param lost payments that callers were told are made, and are not there
 * @param unacknowledged payments that are there although their call failed: the same key will find
 *     them
 */
record StoredPayments(int rows, int duplicated, int lost, int unacknowledged) {
  /** Asks the database for all payments of the traffic. */
  static StoredPayments of(Clusters clusters, Traffic traffic, List<DrilledCall> calls) {
    List<String> stored =
        clusters
            .askDatabase(
                "select idempotency_key from payment where idempotency_key like '"
                    + traffic.keys()
                    + "%'")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    Set<String> acknowledged =
        calls.stream()
            .filter(call -> call.kind() == DrilledCall.Kind.CHARGE && call.ok())
            .map(DrilledCall::key)
            .collect(Collectors.toSet());
    return compared(stored, acknowledged);
  }

  static StoredPayments compared(List<String> stored, Set<String> acknowledged) {
    Map<String, Long> byKey =
        stored.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return new StoredPayments(
        stored.size(),
        stored.size() - byKey.size(),
        (int) acknowledged.stream().filter(key -> !byKey.containsKey(key)).count(),
        (int) byKey.keySet().stream().filter(key -> !acknowledged.contains(key)).count());
  }
}
