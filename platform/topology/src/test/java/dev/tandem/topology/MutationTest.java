package dev.tandem.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever happens to the file, the reader answers: with a topology, or with mistakes in it. */
final class MutationTest {

  private static final String SCRAPS = ":-[]{}#&*!|>'\"%@`,? \n\t\u0000é漢/.0:9aZ";

  @Test
  void answersForTwoThousandDamagedFiles() {
    var random = new Random(20_260_101);
    String sound = ThreeClusters.file().text();
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      String damaged = random.nextBoolean() ? damageLines(sound, random) : damage(sound, random);
      int lines = (int) damaged.chars().filter(character -> character == '\n').count() + 1;
      switch (TopologyFile.parse("topology.yaml", damaged)) {
        case TopologyReading.Valid(Topology topology) ->
            assertThat(topology.clusters()).as(damaged).isNotEmpty();
        case TopologyReading.Invalid(List<Diagnostic> diagnostics) -> {
          refused++;
          assertThat(diagnostics)
              .as(damaged)
              .allSatisfy(
                  mistake -> {
                    assertThat(mistake.position().line()).isBetween(1, lines);
                    assertThat(mistake.problem()).doesNotContain("\n").isNotBlank();
                    assertThat(mistake.fix()).isNotBlank();
                  });
        }
      }
    }
    assertThat(refused).isBetween(1_000, 1_999);
  }

  private static String damage(String text, Random random) {
    var damaged = new StringBuilder(text);
    for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
      int at = random.nextInt(damaged.length());
      if (random.nextBoolean()) {
        damaged.deleteCharAt(at);
      } else {
        damaged.insert(at, SCRAPS.charAt(random.nextInt(SCRAPS.length())));
      }
    }
    return damaged.toString();
  }

  private static String damageLines(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int one = random.nextInt(lines.size());
    int other = random.nextInt(lines.size());
    switch (random.nextInt(3)) {
      case 0 -> lines.remove(one);
      case 1 -> lines.add(other, lines.get(one));
      default -> Collections.swap(lines, one, other);
    }
    return String.join("\n", lines) + "\n";
  }
}
