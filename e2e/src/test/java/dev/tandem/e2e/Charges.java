package dev.tandem.e2e;

import dev.tandem.e2e.cluster.Clusters;
import dev.tandem.payment.v1.ChargeRequest;
import java.util.UUID;

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

  /** How many payments the database has under a key. */
  static long stored(Clusters clusters, String key) {
    return count(clusters, "idempotency_key = '" + key + "'");
  }

  /** How many payments the database has under keys that begin so. */
  static long storedUnderKeysFrom(Clusters clusters, String prefix) {
    return count(clusters, "idempotency_key like '" + prefix + "%'");
  }

  private static long count(Clusters clusters, String condition) {
    String count =
        clusters
            .database()
            .kubectl()
            .run(
                "--namespace=tandem",
                "exec",
                "statefulset/postgres",
                "--container=postgres",
                "--",
                "psql",
                "--username=tandem",
                "--dbname=tandem",
                "--tuples-only",
                "--no-align",
                "--command=select count(*) from payment where " + condition)
            .orFail();
    return Long.parseLong(count.trim());
  }
}
