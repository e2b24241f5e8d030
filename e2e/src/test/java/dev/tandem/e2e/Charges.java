package dev.tandem.e2e;

import dev.tandem.e2e.call.Work;
import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.payment.v1.ChargeRequest;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Charges, and the database's own word on them. */
final class Charges {
  private Charges() {}

  /** A charge that is in order, under a key of its own. */
  static ChargeRequest of(long amountMinor) {
    return ChargeRequest.newBuilder()
        .setIdempotencyKey("e2e-" + UUID.randomUUID())
        .setUserId(Users.ONE)
        .setAmountMinor(amountMinor)
        .setCurrencyCode("CNY")
        .build();
  }

  /** Charges that are in order, each under a key of its own that begins so. */
  static Work each(long amountMinor, String prefix) {
    return Work.charge(of(amountMinor))
        .numbering(ChargeRequest.IDEMPOTENCY_KEY_FIELD_NUMBER, prefix + UUID.randomUUID() + "-");
  }

  /** How many payments the database has under a key. */
  static long stored(Clusters clusters, String key) {
    return Long.parseLong(
        clusters
            .askDatabase("select count(*) from payment where idempotency_key = '" + key + "'")
            .trim());
  }

  /**
   * How many payments the database has under each key that begins with a prefix.
   *
   * @param prefix without characters that mean something to LIKE
   */
  static Map<String, Long> storedByKey(Clusters clusters, String prefix) {
    return clusters
        .askDatabase(
            "select idempotency_key from payment where idempotency_key like '" + prefix + "%'")
        .lines()
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }

  /** How many payments the database has under keys that begin so. */
  static long storedUnderKeysFrom(Clusters clusters, String prefix) {
    return Long.parseLong(
        clusters
            .askDatabase(
                "select count(*) from payment where idempotency_key like '" + prefix + "%'")
            .trim());
  }
}
