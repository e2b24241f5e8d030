package dev.tandem.versioning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A YAML 1.2 text as nodes that know their place, and the mistakes that were found in it. */
final class YamlNodes {

  /** A key, and what stands behind it. */
  record Entry(ScalarNode key, Node value) {}

  private final String file;
  private final List<Diagnostic> mistakes = new ArrayList<>();

  YamlNodes(String file) {
    this.file = file;
  }

  List<Diagnostic> mistakes() {
    return mistakes.stream().sorted(Diagnostic.READING_ORDER).toList();
  }

  boolean isSound() {
    return mistakes.isEmpty();
  }

  void report(Node at, String problem, String fix) {
    at.getStartMark()
        .ifPresentOrElse(
            mark -> report(mark.getLine() + 1, mark.getColumn() + 1, problem, fix),
            () -> report(1, 1, problem, fix));
  }

  private void report(int line, int column, String problem, String fix) {
    mistakes.add(new Diagnostic(file, line, column, problem, fix));
  }

  /** The one mapping that the text holds; otherwise the reason is among the mistakes. */
  Optional<MappingNode> root(String text) {
    try {
      Iterator<Node> documents =
          new Compose(LoadSettings.builder().setAllowNonScalarKeys(true).build())
              .composeAllFromString(text)
              .iterator();
      if (!documents.hasNext()) {
        report(1, 1, "the file is empty", "start it with: apiVersion: " + LifecycleReader.FORMAT);
        return Optional.empty();
      }
      Node root = documents.next();
      if (documents.hasNext()) {
        report(documents.next(), "a second YAML document starts here", "keep one document");
        return Optional.empty();
      }
      return mapping(root, "the file");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(1);
      report(
          line,
          column,
          "not YAML: " + firstLine(e.getProblem()),
          "check the indentation (spaces, never tabs), the quotes and the brackets up to here");
    } catch (YamlEngineException | IllegalArgumentException e) {
      // The second one for tags that are none; it must not end the thread that follows the file.
      report(
          1, 1, "not YAML: " + firstLine(String.valueOf(e.getMessage())), "write plain YAML 1.2");
    } catch (StackOverflowError _) {
      // The parser recurses for each bracket and has no limit of its own.
      report(1, 1, "the brackets are nested too deeply", "write the file as its README shows");
    }
    return Optional.empty();
  }

  Optional<MappingNode> mapping(Node node, String what) {
    if (node instanceof MappingNode mapping) {
      return Optional.of(mapping);
    }
    report(node, what + " must have keys of its own", "indent them below it, as the README shows");
    return Optional.empty();
  }

  /** The entries in the order of the file; a key that appears twice is reported and left out. */
  Map<String, Entry> entries(MappingNode mapping, String what) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        report(tuple.getKeyNode(), "a key of " + what + " is no word", "write a word as its key");
        continue;
      }
      Entry first = entries.putIfAbsent(key.getValue(), new Entry(key, tuple.getValueNode()));
      if (first != null) {
        report(
            key,
            "key \"%s\" appears again in %s".formatted(key.getValue(), what),
            "keep one of the two");
      }
    }
    return entries;
  }

  void reportUnknown(Map<String, Entry> entries, Collection<String> known, String what) {
    entries.forEach(
        (name, entry) -> {
          if (!known.contains(name)) {
            report(
                entry.key(),
                "unknown key \"%s\" in %s".formatted(name, what),
                "choose from: " + String.join(", ", known));
          }
        });
  }

  /** The text of a value that is one word or line. */
  Optional<String> text(Entry entry, String what) {
    if (entry.value() instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return Optional.of(scalar.getValue());
    }
    report(
        entry.key(),
        "%s of %s must be one value".formatted(entry.key().getValue(), what),
        "write it behind the colon, or remove the line");
    return Optional.empty();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("unreadable");
  }
}
