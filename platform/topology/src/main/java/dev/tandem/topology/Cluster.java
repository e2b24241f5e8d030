package dev.tandem.topology;

/**
 * One cluster.
 *
 * @param index its place in the file from 1 on; where Cilium wants a cluster's number, it is this
 * @param name unique among the clusters; also Istio's name of it
 * @param region the value of the nodes' label topology.kubernetes.io/region
 * @param zone the value of the nodes' label topology.kubernetes.io/zone
 * @param network Istio's name of the network that its pods are on
 * @param loadBalancers where the addresses of its load balancers, its gateways' among them, come
 *     from
 */
public record Cluster(
    int index,
    String name,
    Provider provider,
    String region,
    String zone,
    String network,
    ControlPlane controlPlane,
    AddressRange loadBalancers) {

  /** Cilium numbers clusters from 1 to 255. */
  static final int MOST = 255;

  public Cluster {
    if (index < 1 || index > MOST) {
      throw new IllegalArgumentException("a cluster's index is 1 to 255, not " + index);
    }
    Names.require("cluster", name, Names.problemOfClusterName(name));
    Names.require("region", region, Names.problemOfLabelValue(region));
    Names.require("zone", zone, Names.problemOfLabelValue(zone));
    Names.require("network", network, Names.problemOfLabel(network, Names.LABEL_LENGTH));
  }

  /** The name of the cluster whose istiod serves this one: its own for a primary. */
  public String primary() {
    return switch (controlPlane) {
      case ControlPlane.Primary() -> name;
      case ControlPlane.Remote(String primary) -> primary;
    };
  }

  /** The name of the cluster's context in the kubeconfig. */
  public String context() {
    return provider.context();
  }
}
