package dev.tandem.e2e.drill;

/**
 * Something that breaks and is put back. It is made, and remembers how things were, while all is
 * well.
 */
public interface Fault {
  /** Breaks it. What happens by itself afterwards, such as a restart, is not waited for. */
  void strike();

  /**
   * Puts it back and returns when it is back: a part of Kubernetes' when it is available, a process
   * when it runs. Does no harm when it was never broken, or is back already.
   */
  void repair();
}
