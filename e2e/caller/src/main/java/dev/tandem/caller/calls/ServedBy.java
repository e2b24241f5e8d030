package dev.tandem.caller.calls;

import io.grpc.Metadata;

/**
 * Who answered a call, as the reply's metadata names it. The names are empty when nobody that says
 * who it is answered: the call failed before it reached a service.
 *
 * @param cluster the cluster
 * @param pod the pod
 * @param version the version that runs in it
 */
public record ServedBy(String cluster, String pod, String version) {
  /** Nobody that says who it is. */
  public static final ServedBy NOBODY = new ServedBy("", "", "");

  private static final Metadata.Key<String> CLUSTER = key("tandem-cluster");
  private static final Metadata.Key<String> POD = key("tandem-pod");
  private static final Metadata.Key<String> VERSION = key("tandem-version");

  /** Reads headers or trailers; {@link #NOBODY} when they name nobody. */
  public static ServedBy in(Metadata metadata) {
    return new ServedBy(value(metadata, CLUSTER), value(metadata, POD), value(metadata, VERSION));
  }

  /** Writes the names into a reply's metadata. */
  public void writeTo(Metadata metadata) {
    put(metadata, CLUSTER, cluster);
    put(metadata, POD, pod);
    put(metadata, VERSION, version);
  }

  private static void put(Metadata metadata, Metadata.Key<String> key, String value) {
    metadata.discardAll(key);
    metadata.put(key, value);
  }

  private static String value(Metadata metadata, Metadata.Key<String> key) {
    String value = metadata.get(key);
    return value == null ? "" : value;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
