package dev.tandem.e2e.cluster;

/** The clusters are not there to prove anything on; the message says which, why, and what to do. */
public final class ClustersDownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClustersDownException(String problem) {
    super(problem + "\n  fix: make up");
  }
}
