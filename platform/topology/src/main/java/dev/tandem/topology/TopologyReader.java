package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads the whole file, part by part, then judges the parts together. */
final class TopologyReader {

  private static final String DEFAULT_MESH_ID = "tandem";
  private static final String DEFAULT_TRUST_DOMAIN = "cluster.local";
  private static final String DEFAULT_DOCKER_NETWORK = "tandem";
  private static final AddressRange DEFAULT_DOCKER_SUBNET = AddressRange.of("172.30.0.0/16");

  private final Findings findings;

  TopologyReader(Findings findings) {
    this.findings = findings;
  }

  /** The topology, or nothing when there were findings. */
  Optional<Topology> read(MappingNode root) {
    return isOfOtherVersion(root) ? Optional.empty() : readThisVersion(root);
  }

  /** Another version has other keys: judging them by this one's would only mislead. */
  private boolean isOfOtherVersion(MappingNode root) {
    return Section.peek(root, "apiVersion")
        .filter(version -> !version.value().equals(Topology.API_VERSION))
        .map(
            version -> {
              findings.add(
                  version.position(),
                  "apiVersion \"%s\" is not supported".formatted(version.value()),
                  "write apiVersion: " + Topology.API_VERSION);
              return true;
            })
        .orElse(false);
  }

  private Optional<Topology> readThisVersion(MappingNode root) {
    var file = Section.of(root, "the file", Schema.FILE, findings);
    file.requiredText("apiVersion", Topology.API_VERSION);
    Field<Section> mesh = file.section("mesh", Schema.MESH);
    Field<String> meshId =
        textOr(DEFAULT_MESH_ID, mesh, "id", text -> Names.problemOfLabel(text, Names.LABEL_LENGTH));
    Field<String> trustDomain =
        textOr(DEFAULT_TRUST_DOMAIN, mesh, "trustDomain", Names::problemOfDomain);
    Field<Section> docker = file.section("docker", Schema.DOCKER);
    Field<String> dockerNetwork =
        textOr(DEFAULT_DOCKER_NETWORK, docker, "network", Names::problemOfDockerNetwork);
    Field<AddressRange> dockerSubnet =
        docker
            .flatMap(
                section ->
                    new RangeReader(findings).read(section.value(), "subnet", RangeRule.DOCKER))
            .orDefault(DEFAULT_DOCKER_SUBNET, Position.START);
    Field<String> database = databaseCluster(file);
    Field<String> telemetry = telemetryCluster(file, database);
    List<ClusterEntry> entries = clusters(file);

    new References(entries, findings).check(database, telemetry);
    new AddressPlan(findings).check(dockerSubnet, entries);
    if (!findings.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Topology(
            new Mesh(meshId.value(), trustDomain.value()),
            new DockerNetwork(dockerNetwork.value(), dockerSubnet.value()),
            database.value(),
            telemetry.value(),
            entries.stream().map(ClusterEntry::toCluster).toList()));
  }

  private Field<String> textOr(
      String fallback,
      Field<Section> section,
      String key,
      Function<String, Optional<String>> problemOf) {
    return section
        .flatMap(present -> present.value().checkedText(key, problemOf))
        .orDefault(fallback, Position.START);
  }

  private Field<String> databaseCluster(Section file) {
    Field<Section> database = file.section("database", Schema.DATABASE);
    if (database instanceof Field.Absent<Section>) {
      findings.add(
          file.position(),
          "the file does not say which cluster runs the database",
          "add \"database:\" and below it \"  cluster: \" with the name of a cluster");
    }
    return database.flatMap(section -> section.value().requiredText("cluster", "shanghai"));
  }

  /** Where the database is, the others have to reach anyway. */
  private static Field<String> telemetryCluster(Section file, Field<String> database) {
    Field<Section> telemetry = file.section("telemetry", Schema.TELEMETRY);
    return telemetry instanceof Field.Absent<Section>
        ? database
        : telemetry.flatMap(section -> section.value().requiredText("cluster", "shanghai"));
  }

  private List<ClusterEntry> clusters(Section file) {
    Field<List<MappingNode>> nodes = file.mappings("clusters");
    if (nodes instanceof Field.Absent<List<MappingNode>>) {
      findings.add(
          file.position(), "the file has no clusters", "add \"clusters:\" with one entry at least");
    }
    List<ClusterEntry> entries = new ArrayList<>();
    nodes
        .present()
        .ifPresent(
            list -> {
              checkNumber(list);
              for (MappingNode node : list.value()) {
                entries.add(ClusterEntryReader.read(node, entries.size() + 1, findings));
              }
            });
    return entries;
  }

  private void checkNumber(Field.Present<List<MappingNode>> clusters) {
    int number = clusters.value().size();
    if (number == 0) {
      findings.add(
          clusters.position(), "clusters lists no cluster", "add one entry: - name: shanghai");
    }
    if (number > Cluster.MOST) {
      findings.add(
          clusters.position(),
          "clusters lists %d clusters".formatted(number),
          "keep %d at most: Cilium numbers clusters from 1 to 255".formatted(Cluster.MOST));
    }
  }
}
