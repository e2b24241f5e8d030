package dev.tandem.registry;

/** For a process whose settings name no registry. */
final class NoServiceRegistry implements ServiceRegistry {

  @Override
  public Registration register(Instance instance) {
    throw none();
  }

  @Override
  public Watch watch(String service, InstancesListener listener) {
    throw none();
  }

  private static IllegalStateException none() {
    return new IllegalStateException(
        "tandem.registry.type is none: set it to etcd or consul, and tandem.registry.endpoints to where that is");
  }

  @Override
  public void close() {}
}
