package dev.tandem.telemetry;

import io.grpc.Metadata;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** gRPC's metadata, as propagators read and write it. */
final class MetadataCarrier implements TextMapGetter<Metadata>, TextMapSetter<Metadata> {

  static final MetadataCarrier INSTANCE = new MetadataCarrier();

  /** Only the propagators' own names get here, a dozen. */
  private final ConcurrentHashMap<String, Metadata.Key<String>> keys = new ConcurrentHashMap<>();

  private MetadataCarrier() {}

  @Override
  public Iterable<String> keys(Metadata metadata) {
    return metadata.keys();
  }

  @Override
  public @Nullable String get(@Nullable Metadata metadata, String name) {
    return metadata == null ? null : metadata.get(key(name));
  }

  @Override
  public void set(@Nullable Metadata metadata, String name, String value) {
    if (metadata != null) {
      Metadata.Key<String> key = key(name);
      // What was received must not be passed on beside it.
      metadata.discardAll(key);
      metadata.put(key, value);
    }
  }

  private Metadata.Key<String> key(String name) {
    Metadata.Key<String> key = keys.get(name);
    return key != null
        ? key
        : keys.computeIfAbsent(
            name, missing -> Metadata.Key.of(missing, Metadata.ASCII_STRING_MARSHALLER));
  }
}
