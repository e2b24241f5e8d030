package dev.tandem.topology;

import dev.tandem.topology.ClusterEntry.ProviderName;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads one entry of {@code clusters} and judges what can be judged without the others. */
final class ClusterEntryReader {

  private static final List<String> PROVIDERS = List.of("kind", "existing");

  private final Section section;
  private final RangeReader ranges;
  private final Findings findings;
  private final int index;

  private ClusterEntryReader(Section section, int index, Findings findings) {
    this.section = section;
    this.ranges = new RangeReader(findings);
    this.findings = findings;
    this.index = index;
  }

  static ClusterEntry read(MappingNode node, int index, Findings findings) {
    String label =
        Section.peek(node, "name")
            .map(name -> "cluster " + name.value())
            .orElse("cluster number " + index);
    var section = Section.of(node, label, Schema.CLUSTER, findings);
    return new ClusterEntryReader(section, index, findings).read();
  }

  private ClusterEntry read() {
    Field<ProviderName> provider = provider();
    boolean existing = is(provider, ProviderName.EXISTING);
    boolean kind = is(provider, ProviderName.KIND);
    Field<String> name = name();
    return new ClusterEntry(
        index,
        section.label(),
        section.position(),
        name,
        provider,
        context(name, kind, existing),
        section.requiredText("region", "cn-east", Names::problemOfLabelValue),
        section.requiredText("zone", "cn-east-1a", Names::problemOfLabelValue),
        network(name),
        section.text("controlPlane").orDefault(ClusterEntry.PRIMARY, section.position()),
        subnet("podSubnet", RangeRule.PODS, existing),
        subnet("serviceSubnet", RangeRule.SERVICES, existing),
        loadBalancers(existing));
  }

  private Field<ProviderName> provider() {
    return section
        .text("provider")
        .orDefault("kind", section.position())
        .flatMap(
            text ->
                switch (text.value()) {
                  case "kind" -> new Field.Present<>(ProviderName.KIND, text.position());
                  case "existing" -> new Field.Present<>(ProviderName.EXISTING, text.position());
                  default -> {
                    findings.add(
                        text.position(),
                        "unknown provider \"%s\" of %s".formatted(text.value(), section.label()),
                        Suggestion.among(text.value(), PROVIDERS));
                    yield new Field.Faulty<>();
                  }
                });
  }

  private Field<String> name() {
    Field<String> name = section.requiredText("name", "shanghai", Names::problemOfClusterName);
    name.present()
        .filter(text -> text.value().equals(ClusterEntry.PRIMARY))
        .ifPresent(
            text ->
                findings.add(
                    text.position(),
                    "a cluster cannot be named \"primary\": controlPlane has that word",
                    "choose another name"));
    return name;
  }

  /** An existing cluster's context is in the file; kind makes up the others'. */
  private Field<String> context(Field<String> name, boolean kind, boolean existing) {
    if (existing) {
      return section.requiredText("context", "my-cluster", Names::problemOfContext);
    }
    if (!kind) {
      return section.text("context");
    }
    section
        .positionOfKey("context")
        .ifPresent(
            at ->
                findings.add(
                    at,
                    "context of %s: kind chooses the context itself".formatted(section.label()),
                    "remove the line, or write provider: existing"));
    return name.flatMap(
        text -> new Field.Present<>(Provider.Kind.contextOf(text.value()), text.position()));
  }

  private Field<String> network(Field<String> name) {
    Field<String> network =
        section.checkedText("network", text -> Names.problemOfLabel(text, Names.LABEL_LENGTH));
    return network instanceof Field.Absent<String> ? name : network;
  }

  private Field<AddressRange> subnet(String key, RangeRule rule, boolean existing) {
    Optional<Diagnostic.Position> at = section.positionOfKey(key);
    if (existing && at.isPresent()) {
      findings.add(
          at.get(),
          "%s of %s: an existing cluster has its ranges already".formatted(key, section.label()),
          "remove the line: it is for provider kind only");
      return new Field.Faulty<>();
    }
    return ranges.read(section, key, rule);
  }

  private Field<AddressRange> loadBalancers(boolean existing) {
    if (!existing) {
      return ranges.read(section, "loadBalancers", RangeRule.KIND_LOAD_BALANCERS);
    }
    Field<AddressRange> range =
        ranges.read(section, "loadBalancers", RangeRule.EXISTING_LOAD_BALANCERS);
    if (range instanceof Field.Absent<AddressRange>) {
      section.reportMissing("loadBalancers", "203.0.113.0/28");
    }
    return range;
  }

  private static boolean is(Field<ProviderName> provider, ProviderName name) {
    return provider.present().filter(present -> present.value() == name).isPresent();
  }
}
