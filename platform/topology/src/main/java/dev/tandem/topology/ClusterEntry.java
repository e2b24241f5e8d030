package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;

/**
 * One entry of {@code clusters} as it stands in the file, sound or not.
 *
 * @param label how messages call it
 * @param controlPlane {@code primary} or the name of a cluster
 */
record ClusterEntry(
    int index,
    String label,
    Position position,
    Field<String> name,
    Field<ProviderName> provider,
    Field<String> context,
    Field<String> region,
    Field<String> zone,
    Field<String> network,
    Field<String> controlPlane,
    Field<AddressRange> podSubnet,
    Field<AddressRange> serviceSubnet,
    Field<AddressRange> loadBalancers) {

  static final String PRIMARY = "primary";

  enum ProviderName {
    KIND,
    EXISTING
  }

  boolean isFrom(ProviderName name) {
    return provider.present().filter(present -> present.value() == name).isPresent();
  }

  /** The cluster, once the whole file is known to be without mistakes. */
  Cluster toCluster() {
    return new Cluster(
        index,
        name.value(),
        toProvider(),
        region.value(),
        zone.value(),
        network.value(),
        controlPlane.value().equals(PRIMARY)
            ? new ControlPlane.Primary()
            : new ControlPlane.Remote(controlPlane.value()),
        loadBalancers.value());
  }

  private Provider toProvider() {
    return switch (provider.value()) {
      case KIND ->
          new Provider.Kind(
              Provider.Kind.clusterNameOf(name.value()), podSubnet.value(), serviceSubnet.value());
      case EXISTING -> new Provider.Existing(context.value());
    };
  }
}
