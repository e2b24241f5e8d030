package dev.tandem.registry;

/**
 * Where instances of services say that they are there, and where clients learn of it at once.
 *
 * <p>Neither method waits for the registry, nor fails because of it: a service serves whether or
 * not the registry is there, and clients keep what they knew.
 */
public interface ServiceRegistry extends AutoCloseable {

  /**
   * Puts an instance into the registry, and keeps it there until the registration is closed or this
   * process ends. After the end of a process that did not close it, it is gone within the lease.
   */
  Registration register(Instance instance);

  /**
   * Tells a listener of a service's instances, from now until the watch is closed.
   *
   * @throws IllegalArgumentException when the name cannot be a service's
   */
  Watch watch(String service, InstancesListener listener);

  /** Closes all registrations and watches. */
  @Override
  void close();
}
