package dev.tandem.registry;

/** The contract, on Consul. */
class ConsulServiceRegistryTest extends ServiceRegistryContract {

  @Override
  RegistryServer start() throws Exception {
    return ConsulServer.start();
  }
}
