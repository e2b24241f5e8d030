package dev.tandem.registry;

import java.io.IOException;
import java.util.Map;

/** A real server of a registry, as its operators and accidents treat it. */
abstract class RegistryServer implements AutoCloseable {

  /** A lease that the server can give and a test can wait for. */
  static final String SHORT_LEASE = "4s";

  private final Address address;
  private final ServerProcess process;

  RegistryServer(Address address, ServerProcess process) {
    this.address = address;
    this.process = process;
  }

  /** Where it listens. */
  final Address address() {
    return address;
  }

  /** A client of it with these settings, among them where the server is. */
  abstract ServiceRegistry open(Map<String, String> settings, RegistryMeter meter);

  /**
   * Writes a key behind the registry's back.
   *
   * @param key as it is in {@code /services/<key>}
   */
  abstract void put(String key, byte[] value) throws Exception;

  /** Removes a key behind the registry's back. */
  abstract void delete(String key) throws Exception;

  /** Ends all leases, as their time would. */
  abstract void endLeases() throws Exception;

  /** Whether it does its work. */
  abstract boolean answers() throws Exception;

  final void awaitReady() {
    process.awaitReady(this::answers);
  }

  final void kill() throws InterruptedException {
    process.kill();
  }

  /** Returns when it answers again. */
  final void restart() throws IOException {
    process.restart();
    awaitReady();
  }

  final void pause() throws Exception {
    process.pause();
  }

  final void resume() throws Exception {
    process.resume();
  }

  @Override
  public void close() {
    process.close();
  }
}
