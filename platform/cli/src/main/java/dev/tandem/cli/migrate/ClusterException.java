package dev.tandem.cli.migrate;

/** A cluster did not do what it was asked; the message is for people and names the cluster. */
final class ClusterException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ClusterException(String cluster, String message) {
    super("%s: %s".formatted(cluster, message));
  }

  ClusterException(String cluster, String message, Throwable cause) {
    super("%s: %s".formatted(cluster, message), cause);
  }
}
