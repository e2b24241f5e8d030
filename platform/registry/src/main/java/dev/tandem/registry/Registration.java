package dev.tandem.registry;

/**
 * An instance's place in the registry, held by a lease that is renewed in the background. When the
 * lease is lost, another is taken and the instance put again. No method waits for the registry but
 * {@link #close}.
 */
public interface Registration extends AutoCloseable {

  /**
   * Has the registry hold the instance as it is now: again after {@link #withdraw}, or changed.
   *
   * @throws IllegalArgumentException when it is another service or id than was registered
   */
  void offer(Instance instance);

  /** Takes the instance out, so that clients choose others, until it is offered again. */
  void withdraw();

  /** What is known of it. */
  RegistrationState state();

  /**
   * Takes the instance out for good. Waits for the registry's answer, for at most twice the timeout
   * of a request; where there is none, the lease runs out. An interrupt ends the waiting and is
   * kept.
   */
  @Override
  void close();
}
