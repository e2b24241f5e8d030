package dev.tandem.registry;

/** A registry in etcd, version 3.4 or newer. */
public final class EtcdServiceRegistry extends LeasedServiceRegistry {

  /**
   * Connects when it is first needed.
   *
   * @throws IllegalArgumentException when a setting cannot be followed, naming key, value and fix
   */
  public EtcdServiceRegistry(RegistrySettings settings, RegistryMeter meter) {
    this(settings, meter, Ticker.SYSTEM);
  }

  EtcdServiceRegistry(RegistrySettings settings, RegistryMeter meter, Ticker ticker) {
    super(
        new EtcdKeyServer(
            new EtcdConnection(new Endpoints(settings)),
            new Prefix(settings.prefix()),
            Timing.from(settings)),
        Timing.from(settings),
        meter,
        ticker);
  }
}
