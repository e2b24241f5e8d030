package dev.tandem.registry;

/** Told what the registry's client does. */
public interface RegistryMeter {

  /** Measures nothing. */
  RegistryMeter NONE = new RegistryMeter() {};

  /**
   * A service is watched from now on; asked for as long as {@link #forgotten} is not called.
   *
   * @param knowledge of its instances, at any time
   */
  default void watched(String service, Knowledge knowledge) {}

  /** A service is not watched any more. */
  default void forgotten(String service) {}

  /** An instance was put again, after its lease was lost. */
  default void reregistered(String service) {}

  /** A value under a service's keys is no instance, and is skipped; told once for each value. */
  default void skipped(String service) {}

  /** An instance was taken out, or put back, by its own health. */
  default void healthTurned(String service, boolean serving) {}

  /** What is known of a watched service's instances. */
  interface Knowledge {

    /** How many there are. */
    int instances();

    /** How far that can be trusted. */
    Freshness freshness();
  }
}
