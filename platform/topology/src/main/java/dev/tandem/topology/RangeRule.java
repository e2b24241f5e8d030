package dev.tandem.topology;

import java.util.List;
import java.util.Optional;

/** How large a range must and may be for what uses it. */
enum RangeRule {
  /**
   * kube-controller-manager cuts a /24 for every node (--node-cidr-mask-size) and refuses more than
   * 16 bits of difference.
   */
  PODS(8, 24, "every node takes a /24 of it, out of 16 bits of them at most"),
  /** kubeadm refuses more than 20 bits; fewer than 8 leave no room for the platform's Services. */
  SERVICES(12, 24, "the API server takes 20 bits at most, the platform's Services need 8"),
  DOCKER(8, 24, "nodes and load balancers share it"),
  KIND_LOAD_BALANCERS(
      8, RangeRule.LONGEST_LOAD_BALANCERS, "a cluster needs 8 addresses for its gateways"),
  EXISTING_LOAD_BALANCERS(0, 32, "any range will do");

  static final int LONGEST_LOAD_BALANCERS = 29;

  /** Ranges that no network of ours may use, with the reason. */
  private static final List<Reserved> RESERVED =
      List.of(
          new Reserved(AddressRange.of("0.0.0.0/8"), "stands for \"this host\""),
          new Reserved(AddressRange.of("127.0.0.0/8"), "is the loopback"),
          new Reserved(AddressRange.of("169.254.0.0/16"), "is link-local"),
          new Reserved(AddressRange.of("224.0.0.0/4"), "is multicast"),
          new Reserved(AddressRange.of("240.0.0.0/4"), "is the mesh's for remote services"));

  private final int shortestPrefix;
  private final int longestPrefix;
  private final String why;

  RangeRule(int shortestPrefix, int longestPrefix, String why) {
    this.shortestPrefix = shortestPrefix;
    this.longestPrefix = longestPrefix;
    this.why = why;
  }

  private record Reserved(AddressRange range, String why) {}

  /** A broken rule; {@code problem} continues "the range …". */
  record Violation(String problem, String fix) {}

  Optional<Violation> violationBy(AddressRange range) {
    if (range.prefix() < shortestPrefix) {
      return Optional.of(
          new Violation("is too large", "take a /%d at most: %s".formatted(shortestPrefix, why)));
    }
    if (range.prefix() > longestPrefix) {
      return Optional.of(
          new Violation("is too small", "take a /%d at least: %s".formatted(longestPrefix, why)));
    }
    if (this == EXISTING_LOAD_BALANCERS) {
      return Optional.empty();
    }
    return RESERVED.stream()
        .filter(reserved -> reserved.range().overlaps(range))
        .findFirst()
        .map(
            reserved ->
                new Violation(
                    "cannot be used: %s %s".formatted(reserved.range(), reserved.why()),
                    "take a private range, for instance within 10.0.0.0/8 or 172.16.0.0/12"));
  }

  void require(AddressRange range) {
    violationBy(range)
        .ifPresent(
            violation -> {
              throw new IllegalArgumentException(
                  "%s %s; %s".formatted(range, violation.problem(), violation.fix()));
            });
  }
}
