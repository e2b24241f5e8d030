package dev.tandem.cli.migrate;

import java.util.Locale;

/** The two deployments of a service that is being migrated. */
enum Track {
  /** What was there before. */
  STABLE,
  /** What shall replace it; it serves the old version of the contract and the new one. */
  CANDIDATE;

  /** The value of the pods' label, and the name of the mesh's subset. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
