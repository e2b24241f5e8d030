package dev.tandem.topology;

import java.util.List;
import java.util.Optional;

/**
 * Which keys a part of the file has.
 *
 * @param place where that part is, as messages put it
 */
record Schema(String place, List<String> keys) {

  static final Schema FILE =
      new Schema(
          "at the top level",
          List.of("apiVersion", "mesh", "docker", "database", "telemetry", "clusters"));
  static final Schema MESH = new Schema("under mesh", List.of("id", "trustDomain"));
  static final Schema DOCKER = new Schema("under docker", List.of("network", "subnet"));
  static final Schema DATABASE = new Schema("under database", List.of("cluster"));
  static final Schema TELEMETRY = new Schema("under telemetry", List.of("cluster"));
  static final Schema CLUSTER =
      new Schema(
          "in an entry of clusters",
          List.of(
              "name",
              "provider",
              "context",
              "region",
              "zone",
              "network",
              "controlPlane",
              "podSubnet",
              "serviceSubnet",
              "loadBalancers"));

  private static final List<Schema> ALL = List.of(FILE, MESH, DOCKER, DATABASE, TELEMETRY, CLUSTER);

  String fixForUnknown(String key) {
    if (key.equals("<<")) {
      return "write the keys out: YAML 1.2 has no merge keys";
    }
    Optional<Schema> home = ALL.stream().filter(schema -> schema.keys.contains(key)).findFirst();
    return home.map(schema -> "it belongs %s: move it there".formatted(schema.place))
        .orElseGet(() -> Suggestion.among(key, keys));
  }
}
