package dev.tandem.registry;

/** A registry in Consul's key-value store, held by sessions. */
public final class ConsulServiceRegistry extends LeasedServiceRegistry {

  /**
   * Connects when it is first needed.
   *
   * @throws IllegalArgumentException when a setting cannot be followed, naming key, value and fix
   */
  public ConsulServiceRegistry(RegistrySettings settings, RegistryMeter meter) {
    this(settings, meter, Ticker.SYSTEM);
  }

  ConsulServiceRegistry(RegistrySettings settings, RegistryMeter meter, Ticker ticker) {
    super(
        new ConsulKeyServer(
            new ConsulConnection(new Endpoints(settings), settings.token(), Timing.from(settings)),
            new Prefix(settings.prefix()),
            Timing.from(settings)),
        Timing.from(settings),
        meter,
        ticker);
  }
}
