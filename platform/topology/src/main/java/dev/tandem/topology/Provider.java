package dev.tandem.topology;

/** Where a cluster comes from. Everything above the cluster asks only for its context. */
public sealed interface Provider {

  /** The name of the cluster's context in the kubeconfig. */
  String context();

  /**
   * kind creates the cluster, on Docker.
   *
   * @param clusterName the name of the cluster as kind knows it
   * @param podSubnet the range of the pods' addresses; every node gets a /24 of it
   * @param serviceSubnet the range of the Services' addresses
   */
  record Kind(String clusterName, AddressRange podSubnet, AddressRange serviceSubnet)
      implements Provider {

    static final String NAME_PREFIX = "tandem-";

    public Kind {
      RangeRule.PODS.require(podSubnet);
      RangeRule.SERVICES.require(serviceSubnet);
      if (podSubnet.overlaps(serviceSubnet)) {
        throw new IllegalArgumentException(podSubnet + " overlaps " + serviceSubnet);
      }
    }

    static String clusterNameOf(String name) {
      return NAME_PREFIX + name;
    }

    static String contextOf(String name) {
      return "kind-" + clusterNameOf(name);
    }

    @Override
    public String context() {
      return "kind-" + clusterName;
    }
  }

  /** The cluster exists already; the kubeconfig names it. */
  record Existing(String context) implements Provider {
    public Existing {
      Names.require("context", context, Names.problemOfContext(context));
    }
  }
}
