package dev.tandem.registry;

import java.util.List;

/**
 * The instances of a service at one moment of the registry's.
 *
 * @param revision of that moment; it grows from one set to the next, for as long as the registry
 *     keeps its data
 * @param instances in the order of their ids
 */
public record Instances(String service, long revision, List<Instance> instances) {

  public Instances {
    instances = List.copyOf(instances);
  }
}
