package dev.tandem.ratelimit;

import java.util.Optional;

/** Buckets that replicas share. */
interface SharedBuckets extends AutoCloseable {

  /**
   * Takes a token; may wait.
   *
   * @return empty when the store did not say, and the replica has to decide alone
   */
  Optional<Decision> take(String key, Limit limit);

  @Override
  void close();
}
