package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The sound file from which tests make faulty ones; its lines keep their numbers unless told. */
final class ThreeClusters {

  private final String text;

  private ThreeClusters(String text) {
    this.text = text;
  }

  static ThreeClusters file() {
    try (InputStream file = ThreeClusters.class.getResourceAsStream("three-clusters.yaml")) {
      return new ThreeClusters(
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the one occurrence of {@code part}. */
  ThreeClusters with(String part, String replacement) {
    assertThat(text.split(java.util.regex.Pattern.quote(part), -1))
        .as("occurrences of %s", part)
        .hasSize(2);
    return new ThreeClusters(text.replace(part, replacement));
  }

  /** Takes out the one line that holds {@code part}; the lines below it move up. */
  ThreeClusters without(String part) {
    List<String> lines = text.lines().toList();
    assertThat(lines).filteredOn(line -> line.contains(part)).hasSize(1);
    return new ThreeClusters(
        String.join("\n", lines.stream().filter(line -> !line.contains(part)).toList()) + "\n");
  }

  String text() {
    return text;
  }

  Topology topology() {
    TopologyReading reading = TopologyFile.parse("topology.yaml", text);
    assertThat(reading).isInstanceOf(TopologyReading.Valid.class);
    return ((TopologyReading.Valid) reading).topology();
  }

  /** The mistakes as {@code line:column problem | fix}. */
  List<String> mistakes() {
    return mistakesIn(text);
  }

  static List<String> mistakesIn(String text) {
    return switch (TopologyFile.parse("topology.yaml", text)) {
      case TopologyReading.Valid _ -> List.of();
      case TopologyReading.Invalid(List<Diagnostic> diagnostics) ->
          diagnostics.stream()
              .map(
                  mistake ->
                      "%d:%d %s | %s"
                          .formatted(
                              mistake.position().line(),
                              mistake.position().column(),
                              mistake.problem(),
                              mistake.fix()))
              .toList();
    };
  }
}
