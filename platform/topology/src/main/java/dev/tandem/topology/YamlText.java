package dev.tandem.topology;

import dev.tandem.topology.Diagnostic.Position;
import java.util.Iterator;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Parses YAML 1.2 into nodes that know their place; reports what is not YAML. */
final class YamlText {

  private final String text;
  private final Findings findings;

  YamlText(String text, Findings findings) {
    this.text = text;
    this.findings = findings;
  }

  /** The one mapping that the file holds; otherwise the reason is among the findings. */
  Optional<MappingNode> root() {
    try {
      return compose();
    } catch (MarkedYamlEngineException e) {
      findings.add(
          e.getProblemMark().map(YamlText::position).orElse(Position.START),
          "not YAML: " + inOneLine(e.getProblem()),
          "check the indentation (spaces, never tabs), the quotes and the brackets up to here");
    } catch (ReaderException e) {
      findings.add(
          positionOf(e.getPosition()),
          "not YAML: a control character, U+%04X".formatted(e.getCodePoint()),
          "delete the character");
    } catch (YamlEngineException | IllegalArgumentException e) {
      // The second one for tags that are none.
      findings.add(
          Position.START,
          "not YAML: " + inOneLine(String.valueOf(e.getMessage())),
          "write plain YAML 1.2: keys are words, and no %YAML line is needed");
    } catch (StackOverflowError _) {
      // The parser recurses for each bracket and has no limit of its own.
      findings.add(
          Position.START,
          "the brackets are nested too deeply",
          "write the file as the README of clusters/ shows");
    }
    return Optional.empty();
  }

  private Optional<MappingNode> compose() {
    Iterator<Node> documents =
        new Compose(LoadSettings.builder().build()).composeAllFromString(text).iterator();
    if (!documents.hasNext()) {
      findings.add(
          Position.START,
          "the file is empty",
          "start it with \"apiVersion: %s\" and list the clusters".formatted(Topology.API_VERSION));
      return Optional.empty();
    }
    Node root = documents.next();
    if (documents.hasNext()) {
      findings.add(
          position(documents.next()),
          "a second YAML document starts here",
          "keep one document: remove the line --- and merge what follows it");
      return Optional.empty();
    }
    if (root instanceof MappingNode mapping) {
      return Optional.of(mapping);
    }
    findings.add(
        position(root),
        "the file holds no keys",
        "start it with \"apiVersion: %s\" and list the clusters".formatted(Topology.API_VERSION));
    return Optional.empty();
  }

  static Position position(Node node) {
    return node.getStartMark().map(YamlText::position).orElse(Position.START);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Position positionOf(int offset) {
    String before = text.substring(0, Math.min(offset, text.length()));
    int line = (int) before.lines().count();
    return new Position(Math.max(line, 1), before.length() - before.lastIndexOf('\n'));
  }

  private static String inOneLine(String message) {
    return message.lines().findFirst().orElse("unreadable");
  }
}
