package dev.tandem.registry;

import java.util.Map;

/** A real server of a registry, as its operators and accidents treat it. */
interface RegistryServer extends AutoCloseable {

  /** Where it listens. */
  Address address();

  /** A client of it with these settings, among them where the server is. */
  ServiceRegistry open(Map<String, String> settings, RegistryMeter meter);

  /**
   * Writes a key behind the registry's back.
   *
   * @param key as it is in {@code /services/<key>}
   */
  void put(String key, byte[] value) throws Exception;

  /** Removes a key behind the registry's back. */
  void delete(String key) throws Exception;

  /** Ends all leases, as their time would. */
  void endLeases() throws Exception;

  /** The lease that the registry's server can give and the tests can wait for. */
  default String lease() {
    return "4s";
  }

  void kill() throws Exception;

  /** Returns when it answers again. */
  void restart() throws Exception;

  void pause() throws Exception;

  void resume() throws Exception;

  @Override
  void close();
}
