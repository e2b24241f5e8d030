package dev.tandem.topology;

/**
 * The Docker network that the nodes of kind's clusters share.
 *
 * <p>Its subnet has two parts: Docker gives nodes addresses from {@link #nodeRange()} only ({@code
 * docker network create --ip-range}), the clusters' load balancers have the rest.
 */
public record DockerNetwork(String name, AddressRange subnet) {

  public DockerNetwork {
    Names.require("Docker network", name, Names.problemOfDockerNetwork(name));
    RangeRule.DOCKER.require(subnet);
  }

  /** The lowest /24 of the subnet, or its lowest quarter where that is less. */
  public AddressRange nodeRange() {
    return nodeRangeOf(subnet);
  }

  /** The address of the bridge on the host: the subnet's first. */
  public String gateway() {
    return subnet.address(1);
  }

  static AddressRange nodeRangeOf(AddressRange subnet) {
    return subnet.lowest(Math.max(24, subnet.prefix() + 2));
  }
}
