package dev.tandem.registry;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * What the registry holds under a prefix at one moment.
 *
 * @param revision of that moment
 * @param values by the rest of their keys
 */
record Listing(long revision, Map<String, Value> values) {

  Listing {
    values = Map.copyOf(values);
  }

  /**
   * A value.
   *
   * @param revision of the moment when it was written
   */
  record Value(long revision, ByteString content) {}
}
