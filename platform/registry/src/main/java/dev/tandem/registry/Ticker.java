package dev.tandem.registry;

/** Time that nobody can set: nanoseconds from an origin that may be anywhere. */
@FunctionalInterface
interface Ticker {

  /** The JVM's own. */
  Ticker SYSTEM = System::nanoTime;

  long nanos();
}
