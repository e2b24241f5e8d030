package dev.tandem.cli.split;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a TrafficSplit is translated to. Both say the same. */
enum SplitFormat {
  VIRTUALSERVICE,
  GRPCROUTE;

  /** The port of every service of ours. */
  private static final int GRPC_PORT = 9000;

  Map<String, Object> of(TrafficSplit split) {
    return switch (this) {
      case VIRTUALSERVICE -> virtualService(split);
      case GRPCROUTE -> grpcRoute(split);
    };
  }

  private static Map<String, Object> virtualService(TrafficSplit split) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("hosts", List.of(host(split, split.service())));
    spec.put(
        "http",
        List.of(
            Map.of(
                "route",
                split.backends().stream()
                    .filter(backend -> backend.weight() > 0)
                    .map(
                        backend ->
                            ordered(
                                "destination",
                                Map.of("host", host(split, backend.service())),
                                "weight",
                                backend.weight()))
                    .toList())));
    return resource("networking.istio.io/v1", "VirtualService", split, spec);
  }

  /** For calls inside a mesh the route's parent is the service itself (GAMMA). */
  private static Map<String, Object> grpcRoute(TrafficSplit split) {
    Map<String, Object> parent = new LinkedHashMap<>();
    parent.put("group", "");
    parent.put("kind", "Service");
    parent.put("name", split.service());
    parent.put("port", GRPC_PORT);
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("parentRefs", List.of(parent));
    spec.put(
        "rules",
        List.of(
            Map.of(
                "backendRefs",
                split.backends().stream()
                    .map(
                        backend -> {
                          Map<String, Object> reference = new LinkedHashMap<>();
                          reference.put("name", backend.service());
                          reference.put("port", GRPC_PORT);
                          reference.put("weight", backend.weight());
                          return reference;
                        })
                    .toList())));
    return resource("gateway.networking.k8s.io/v1", "GRPCRoute", split, spec);
  }

  private static Map<String, Object> resource(
      String apiVersion, String kind, TrafficSplit split, Map<String, Object> spec) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("apiVersion", apiVersion);
    resource.put("kind", kind);
    resource.put("metadata", ordered("name", split.name(), "namespace", split.namespace()));
    resource.put("spec", spec);
    return resource;
  }

  private static Map<String, Object> ordered(
      String first, Object firstValue, String second, Object secondValue) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(first, firstValue);
    map.put(second, secondValue);
    return map;
  }

  private static String host(TrafficSplit split, String service) {
    return "%s.%s.svc.cluster.local".formatted(service, split.namespace());
  }
}
