package dev.tandem.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** A registry on a server that has keys, leases and a way to follow changes. */
abstract sealed class LeasedServiceRegistry implements ServiceRegistry
    permits EtcdServiceRegistry, ConsulServiceRegistry {

  private final KeyServer server;
  private final Timing timing;
  private final RegistryMeter meter;
  private final Ticker ticker;
  private final RandomGenerator random = RandomGenerator.getDefault();

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, ServiceWatch> watches = new HashMap<>();

  @GuardedBy("lock")
  private final Set<RegistrationLoop> registrations = new HashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  LeasedServiceRegistry(KeyServer server, Timing timing, RegistryMeter meter, Ticker ticker) {
    this.server = server;
    this.timing = timing;
    this.meter = meter;
    this.ticker = ticker;
  }

  @Override
  public final Registration register(Instance instance) {
    RegistrationLoop registration =
        new RegistrationLoop(instance, server, timing, ticker, random, meter);
    lock.lock();
    try {
      requireOpen();
      registrations.removeIf(RegistrationLoop::ended);
      registrations.add(registration);
      registration.start();
    } finally {
      lock.unlock();
    }
    return registration;
  }

  @Override
  public final Watch watch(String service, InstancesListener listener) {
    Instance.requireName("a service", service);
    Delivery delivery = new Delivery(listener);
    lock.lock();
    try {
      requireOpen();
      ServiceWatch watch = watches.computeIfAbsent(service, this::begin);
      watch.add(delivery);
      return new Place(service, watch, delivery);
    } finally {
      lock.unlock();
    }
  }

  private ServiceWatch begin(String service) {
    ServiceWatch watch = new ServiceWatch(service, server, timing, ticker, random, meter);
    meter.watched(service, watch);
    watch.start();
    return watch;
  }

  private void end(String service, ServiceWatch watch, Delivery listener) {
    listener.close();
    lock.lock();
    try {
      if (watch.remove(listener) && watches.remove(service, watch)) {
        meter.forgotten(service);
        watch.close();
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the registry is closed");
    }
  }

  @Override
  public final void close() {
    List<RegistrationLoop> open;
    List<ServiceWatch> followed;
    lock.lock();
    try {
      closed = true;
      open = List.copyOf(registrations);
      registrations.clear();
      followed = List.copyOf(watches.values());
      watches.keySet().forEach(meter::forgotten);
      followed.forEach(ServiceWatch::close);
      watches.clear();
    } finally {
      lock.unlock();
    }
    open.forEach(RegistrationLoop::stop);
    open.forEach(RegistrationLoop::close);
    followed.forEach(watch -> watch.awaitEnd(timing.timeout()));
    server.close();
  }

  /** One listener's place at a service. */
  private final class Place implements Watch {

    private final String service;
    private final ServiceWatch watch;
    private final Delivery delivery;

    private Place(String service, ServiceWatch watch, Delivery delivery) {
      this.service = service;
      this.watch = watch;
      this.delivery = delivery;
    }

    @Override
    public Optional<Instances> latest() {
      return watch.latest();
    }

    @Override
    public Freshness freshness() {
      return watch.freshness();
    }

    @Override
    public void close() {
      end(service, watch, delivery);
    }
  }
}
