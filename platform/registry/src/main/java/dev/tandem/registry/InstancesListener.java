package dev.tandem.registry;

/** Hears of a service's instances. Its calls come one after the other, never two at once. */
@FunctionalInterface
public interface InstancesListener {

  /**
   * The instances are now these. The first call brings those that the registry has; each further
   * one is newer than the one before, and different. A listener that takes longer than changes
   * follow one another skips those that are out of date by then, never the last one.
   */
  void changed(Instances instances);

  /**
   * Nothing is known yet, because the registry cannot be asked. Once instances were known they stay
   * so, whatever happens to the registry.
   *
   * @param problem the reason, for people
   */
  default void unknown(String problem) {}
}
