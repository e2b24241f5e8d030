package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The keys of one YAML mapping. Reports unknown and repeated keys when it is made, wrong types when
 * they are asked for.
 */
final class Section {

  private final String label;
  private final Position position;
  private final Findings findings;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(Position key, Node value) {}

  private Section(String label, Position position, Findings findings) {
    this.label = label;
    this.position = position;
    this.findings = findings;
  }

  /**
   * @param label how messages call the section, such as "cluster beijing"
   */
  static Section of(MappingNode node, String label, Schema schema, Findings findings) {
    var section = new Section(label, YamlText.position(node), findings);
    for (NodeTuple tuple : node.getValue()) {
      section.put(tuple, schema);
    }
    return section;
  }

  /** The text that a key of a mapping has, before anything is known about the mapping. */
  static Optional<Field.Present<String>> peek(MappingNode node, String key) {
    return node.getValue().stream()
        .filter(tuple -> isText(tuple.getKeyNode()) && textOf(tuple.getKeyNode()).equals(key))
        .map(NodeTuple::getValueNode)
        .filter(Section::isText)
        .map(value -> new Field.Present<>(textOf(value), YamlText.position(value)))
        .findFirst();
  }

  private void put(NodeTuple tuple, Schema schema) {
    Node keyNode = tuple.getKeyNode();
    Position at = YamlText.position(keyNode);
    String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (!schema.keys().contains(key)) {
      findings.add(at, "unknown key \"%s\" in %s".formatted(key, label), schema.fixForUnknown(key));
      return;
    }
    Entry first = entries.putIfAbsent(key, new Entry(at, tuple.getValueNode()));
    if (first != null) {
      findings.add(
          at,
          "key \"%s\" appears again in %s, first in line %d"
              .formatted(key, label, first.key().line()),
          "keep one of the two");
    }
  }

  String label() {
    return label;
  }

  Position position() {
    return position;
  }

  /** Where the key stands, for complaints about its being there at all. */
  Optional<Position> positionOfKey(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::key);
  }

  Field<String> text(String key) {
    return read(
        key,
        "text",
        node -> isText(node) ? Optional.of(textOf(node)) : Optional.empty(),
        node ->
            node instanceof ScalarNode scalar
                ? "quote it: %s: \"%s\"".formatted(key, scalar.getValue())
                : "write %s: and one word".formatted(key));
  }

  Field<String> requiredText(String key, String example) {
    Field<String> text = text(key);
    if (text instanceof Field.Absent<String>) {
      reportMissing(key, example);
    }
    return text;
  }

  /** Reports an unfit text and keeps it, so that references to it are not reported as well. */
  Field<String> checkedText(String key, Function<String, Optional<String>> problemOf) {
    return checked(key, text(key), problemOf);
  }

  Field<String> requiredText(
      String key, String example, Function<String, Optional<String>> problemOf) {
    return checked(key, requiredText(key, example), problemOf);
  }

  private Field<String> checked(
      String key, Field<String> text, Function<String, Optional<String>> problemOf) {
    text.present()
        .ifPresent(
            present ->
                problemOf
                    .apply(present.value())
                    .ifPresent(
                        problem ->
                            findings.add(
                                present.position(),
                                "%s \"%s\" of %s %s"
                                    .formatted(key, present.value(), label, problem),
                                "choose another one")));
    return text;
  }

  void reportMissing(String key, String example) {
    findings.add(
        position, "%s has no %s".formatted(label, key), "add \"%s: %s\"".formatted(key, example));
  }

  /** The mapping under a key. */
  Field<Section> section(String key, Schema schema) {
    return read(
        key,
        "keys of its own",
        node ->
            node instanceof MappingNode mapping
                ? Optional.of(of(mapping, key, schema, findings))
                : Optional.empty(),
        _ -> "indent its keys below it: " + String.join(", ", schema.keys()));
  }

  /** The mappings that are listed under a key. */
  Field<List<MappingNode>> mappings(String key) {
    Field<List<Node>> items =
        read(
            key,
            "a list",
            node ->
                node instanceof SequenceNode sequence
                    ? Optional.of(sequence.getValue())
                    : Optional.empty(),
            _ -> "write each entry below it, after a hyphen: - name: shanghai");
    return items.flatMap(
        list -> new Field.Present<>(mappingsAmong(key, list.value()), list.position()));
  }

  private List<MappingNode> mappingsAmong(String key, List<Node> items) {
    List<MappingNode> mappings = new ArrayList<>();
    for (Node item : items) {
      if (item instanceof MappingNode mapping) {
        mappings.add(mapping);
      } else {
        findings.add(
            YamlText.position(item),
            "an entry of %s is %s and not a set of keys".formatted(key, kindOf(item)),
            "give it keys: - name: shanghai");
      }
    }
    return mappings;
  }

  private <T> Field<T> read(
      String key,
      String wanted,
      Function<Node, Optional<T>> reader,
      Function<Node, String> fixForWrongType) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return new Field.Absent<>();
    }
    Node node = entry.value();
    if (node.getTag().equals(Tag.NULL)) {
      findings.add(
          entry.key(),
          "%s of %s has no value".formatted(key, label),
          "give it one, or remove the line");
      return new Field.Faulty<>();
    }
    Optional<T> value = reader.apply(node);
    if (value.isEmpty()) {
      findings.add(
          YamlText.position(node),
          "%s of %s must be %s and is %s".formatted(key, label, wanted, kindOf(node)),
          fixForWrongType.apply(node));
      return new Field.Faulty<>();
    }
    return new Field.Present<>(value.get(), YamlText.position(node));
  }

  private static boolean isText(Node node) {
    return node instanceof ScalarNode && node.getTag().equals(Tag.STR);
  }

  private static String textOf(Node node) {
    return ((ScalarNode) node).getValue();
  }

  private static String kindOf(Node node) {
    return switch (node) {
      case MappingNode _ -> "a set of keys";
      case SequenceNode _ -> "a list";
      case ScalarNode scalar when scalar.getTag().equals(Tag.STR) ->
          "the text \"%s\"".formatted(scalar.getValue());
      case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) ->
          "the truth value " + scalar.getValue();
      case ScalarNode scalar -> "the number " + scalar.getValue();
      default -> "something else";
    };
  }
}
