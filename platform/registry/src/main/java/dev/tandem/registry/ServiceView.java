package dev.tandem.registry;

import dev.tandem.registry.InstanceJson.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Makes instances of what the registry holds for one service. Each value is read once. What is no
 * instance is left out, and said once. For one thread.
 */
final class ServiceView {

  private static final Logger LOG = Logger.getLogger(ServiceView.class);

  private final String service;
  private final RegistryMeter meter;
  private Map<String, Known> known = new HashMap<>();

  ServiceView(String service, RegistryMeter meter) {
    this.service = service;
    this.meter = meter;
  }

  private record Known(Listing.Value value, Reading reading) {}

  List<Instance> read(Listing listing) {
    Map<String, Known> now = new TreeMap<>();
    listing.values().forEach((id, value) -> now.put(id, read(id, value)));
    known = now;
    List<Instance> instances = new ArrayList<>();
    for (Known value : now.values()) {
      if (value.reading() instanceof Reading.Valid(Instance instance)) {
        instances.add(instance);
      }
    }
    return instances;
  }

  private Known read(String id, Listing.Value value) {
    Known before = known.get(id);
    if (before != null && before.value().equals(value)) {
      return before;
    }
    Reading reading = InstanceJson.read(service, id, value.content());
    if (reading instanceof Reading.Malformed(String reason)) {
      meter.skipped(service);
      LOG.warnf(
          "\"%s\" among the instances of %s is skipped: %s; remove it from the registry, or mend its writer",
          id, service, reason);
    }
    return new Known(value, reading);
  }
}
