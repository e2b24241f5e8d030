package dev.tandem.registry;

import java.util.Optional;

/** A listener's place at a service. */
public interface Watch extends AutoCloseable {

  /** The newest instances, those of before an outage included; empty until the first are known. */
  Optional<Instances> latest();

  /** Whether the registry can be heard. */
  Freshness freshness();

  /** Ends it: no call of the listener begins after this. */
  @Override
  void close();
}
