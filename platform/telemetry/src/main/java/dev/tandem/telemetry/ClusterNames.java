package dev.tandem.telemetry;

import io.grpc.Metadata;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Clusters' names as others say them, made fit for metrics: a caller can send anything, and each
 * new value would be a new time series for ever.
 */
final class ClusterNames {

  /** The cluster that a call comes from, as its client says. */
  static final Metadata.Key<String> CALLER =
      Metadata.Key.of("tandem-caller-cluster", Metadata.ASCII_STRING_MARSHALLER);

  /** The cluster that answered, as its server says; the transport library sets it. */
  static final Metadata.Key<String> SERVER =
      Metadata.Key.of("tandem-cluster", Metadata.ASCII_STRING_MARSHALLER);

  /** Nobody said it. */
  static final String UNKNOWN = "unknown";

  /** It was said, and is not a cluster's name or one too many. */
  static final String OTHER = "other";

  /** A cluster's name in the topology. */
  private static final Pattern NAME = Pattern.compile("[a-z][-a-z0-9]{0,31}");

  private final int limit;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  ClusterNames(int limit) {
    this.limit = limit;
  }

  String label(@Nullable String said) {
    if (said == null) {
      return UNKNOWN;
    }
    if (known.contains(said)) {
      return said;
    }
    return NAME.matcher(said).matches() && remember(said) ? said : OTHER;
  }

  private synchronized boolean remember(String name) {
    return known.contains(name) || (known.size() < limit && known.add(name));
  }
}
