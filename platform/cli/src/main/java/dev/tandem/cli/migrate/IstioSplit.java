package dev.tandem.cli.migrate;

import dev.tandem.cli.migrate.Shape.OldVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a service's VirtualService and DestinationRule while it is migrated. Everything
 * is derived from the originals, so that a step does not depend on the steps before it.
 */
final class IstioSplit {

  /** The label that tells the pods of the two deployments apart. */
  static final String TRACK_LABEL = "tandem.dev/track";

  /** One call in so many has its answers compared, on both sides. */
  private static final String COMPARE_HEADER = "tandem-compare";

  private static final String ONE_IN = "5";

  private final Migration migration;
  private final String host;

  IstioSplit(Migration migration, String host) {
    this.migration = migration;
    this.host = host;
  }

  /** The DestinationRule with a subset for each deployment. */
  Map<String, Object> destinationRule(Map<String, Object> original) {
    Map<String, Object> spec = new LinkedHashMap<>(original);
    List<Object> subsets = new ArrayList<>(list(original.get("subsets")));
    for (Track track : Track.values()) {
      subsets.removeIf(subset -> map(subset).getOrDefault("name", "").equals(track.label()));
      subsets.add(Map.of("name", track.label(), "labels", Map.of(TRACK_LABEL, track.label())));
    }
    spec.put("subsets", subsets);
    return spec;
  }

  /**
   * The VirtualService in which a shape's share of the calls goes to the new deployment. Calls of
   * the new version of the contract always go there, since the old deployment does not know it.
   *
   * @param deprecated since when the old version is deprecated, as RFC 9745 writes it
   */
  Map<String, Object> virtualService(Map<String, Object> original, Shape shape, String deprecated) {
    List<Object> routes = new ArrayList<>();
    if (shape.oldVersion() == OldVersion.RETIRED) {
      routes.add(refusal());
    }
    List<Object> originals = list(original.get("http"));
    if (shape.candidate()) {
      originals.stream()
          .map(IstioSplit::map)
          .filter(this::isOurs)
          .forEach(route -> ofNewVersion(route).ifPresent(routes::add));
    }
    for (Object element : originals) {
      Map<String, Object> route = map(element);
      if (isOurs(route)) {
        ofOldVersion(route, shape, deprecated).ifPresent(routes::add);
      } else {
        routes.add(route);
      }
    }
    Map<String, Object> spec = new LinkedHashMap<>(original);
    spec.put("http", routes);
    return spec;
  }

  /** A route to this service and nothing else; others are left as they are. */
  private boolean isOurs(Map<String, Object> route) {
    List<Object> destinations = list(route.get("route"));
    return !destinations.isEmpty()
        && destinations.stream()
            .allMatch(
                destination -> host.equals(map(map(destination).get("destination")).get("host")));
  }

  private Optional<Map<String, Object>> ofNewVersion(Map<String, Object> route) {
    String prefix = prefixOf(migration.toPackage());
    List<Object> matches = list(route.get("match"));
    List<Object> kept = matches.stream().filter(match -> isBelow(match, prefix)).toList();
    if (matches.isEmpty()) {
      kept = List.of(Map.of("uri", Map.of("prefix", prefix)));
    }
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> result = new LinkedHashMap<>(route);
    result.put("name", route.getOrDefault("name", "route") + "-new-version");
    result.put("match", kept);
    result.put("route", List.of(destination(Track.CANDIDATE, 100)));
    return Optional.of(result);
  }

  private Optional<Map<String, Object>> ofOldVersion(
      Map<String, Object> route, Shape shape, String deprecated) {
    String prefix = prefixOf(migration.toPackage());
    List<Object> matches = list(route.get("match"));
    List<Object> kept =
        shape.candidate()
            ? matches.stream().filter(match -> !isBelow(match, prefix)).toList()
            : matches;
    if (!matches.isEmpty() && kept.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> result = new LinkedHashMap<>(route);
    if (!kept.isEmpty()) {
      result.put("match", kept);
    }
    result.put("route", destinations(shape.weight()));
    // Without a time limit it is a stream: its copy would never end.
    if (shape.mirror() && route.containsKey("timeout")) {
      result.put("mirror", Map.of("host", host, "subset", Track.CANDIDATE.label()));
      result.put("mirrorPercentage", Map.of("value", 100));
      result.put(
          "headers", merged(route, "request", Map.of("set", Map.of(COMPARE_HEADER, ONE_IN))));
    }
    if (shape.oldVersion() != OldVersion.ACTIVE) {
      result.put(
          "headers",
          merged(
              route,
              "response",
              Map.of(
                  "set",
                  Map.of(
                      "deprecation",
                      deprecated,
                      "link",
                      "<urn:grpc:%s>; rel=\"successor-version\""
                          .formatted(migration.toPackage())))));
    }
    return Optional.of(result);
  }

  /**
   * The proxy's own answer. It is a gRPC answer because Envoy turns its local replies into such
   * ones for gRPC calls; the status comes from the header, the message from the body.
   */
  private Map<String, Object> refusal() {
    Map<String, Object> route = new LinkedHashMap<>();
    route.put("name", "retired");
    route.put("match", List.of(Map.of("uri", Map.of("prefix", prefixOf(migration.fromPackage())))));
    route.put(
        "directResponse",
        Map.of(
            "status",
            200,
            "body",
            Map.of(
                "string",
                "%s is retired: call %s"
                    .formatted(migration.fromPackage(), migration.toPackage()))));
    route.put("headers", Map.of("response", Map.of("set", Map.of("grpc-status", "12"))));
    return route;
  }

  private List<Object> destinations(int weight) {
    return switch (weight) {
      case 0 -> List.of(destination(Track.STABLE, 100));
      case 100 -> List.of(destination(Track.CANDIDATE, 100));
      default ->
          List.of(destination(Track.STABLE, 100 - weight), destination(Track.CANDIDATE, weight));
    };
  }

  private Map<String, Object> destination(Track track, int weight) {
    return Map.of("destination", Map.of("host", host, "subset", track.label()), "weight", weight);
  }

  private static Map<String, Object> merged(
      Map<String, Object> route, String direction, Map<String, Object> added) {
    Map<String, Object> headers = new LinkedHashMap<>(map(route.get("headers")));
    Map<String, Object> one = new LinkedHashMap<>(map(headers.get(direction)));
    Map<String, Object> set = new LinkedHashMap<>(map(one.get("set")));
    set.putAll(map(added.get("set")));
    one.put("set", set);
    headers.put(direction, one);
    return headers;
  }

  private static String prefixOf(String packageName) {
    return "/" + packageName + ".";
  }

  private static boolean isBelow(Object match, String prefix) {
    Map<String, Object> uri = map(map(match).get("uri"));
    return String.valueOf(uri.getOrDefault("exact", uri.getOrDefault("prefix", "")))
        .startsWith(prefix);
  }

  @SuppressWarnings("unchecked") // What Kubernetes calls an object has text for keys.
  static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(@Nullable Object value) {
    return value instanceof List<?> list ? (List<Object>) list : List.of();
  }
}
