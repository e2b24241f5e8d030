package dev.tandem.registry;

/** The history of Consul. */
class ConsulHistoryTest extends RegistryHistory {

  @Override
  RegistryServer start() throws Exception {
    return ConsulServer.start();
  }
}
