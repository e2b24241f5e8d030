package dev.tandem.registry;

import java.time.Duration;

/** How far the instances that a watch knows can be trusted to be those of now. */
public sealed interface Freshness {

  /**
   * The registry pushes changes.
   *
   * @param age since it last said something, if only that nothing has changed
   */
  record Current(Duration age) implements Freshness {}

  /**
   * The registry cannot be asked: these are the last ones known.
   *
   * @param age since it last said something
   * @param problem the reason, for people
   */
  record Stale(Duration age, String problem) implements Freshness {}

  /**
   * The registry has not been heard yet.
   *
   * @param problem the reason, for people
   */
  record Unknown(String problem) implements Freshness {}
}
