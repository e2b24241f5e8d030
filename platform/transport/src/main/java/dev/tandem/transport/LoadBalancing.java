package dev.tandem.transport;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which of several addresses gets a call, as <a
 * href="https://github.com/grpc/grpc/blob/master/doc/service_config.md">gRPC's service config</a>
 * says it.
 */
public enum LoadBalancing {
  /** The first that answers, for all calls: right where a proxy or a virtual address balances. */
  PICK_FIRST("pick_first"),
  /** One after the other. */
  ROUND_ROBIN("round_robin"),
  /**
   * The one of two, chosen at random, that has fewer calls of this channel; needs io.grpc:grpc-xds.
   */
  LEAST_REQUEST("least_request_experimental"),
  /**
   * In proportion to what the servers report of their load (<a
   * href="https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md">gRFC
   * A58</a>); needs io.grpc:grpc-xds, and one after the other until servers report.
   */
  WEIGHTED_ROUND_ROBIN("weighted_round_robin");

  private final String policy;

  LoadBalancing(String policy) {
    this.policy = policy;
  }

  /** The policy's name in a service config. */
  String policy() {
    return policy;
  }

  /** Its name in the settings. */
  String setting() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The service config that asks for it. */
  Map<String, ?> serviceConfig() {
    return Map.of("loadBalancingConfig", List.of(Map.of(policy, Map.of())));
  }
}
