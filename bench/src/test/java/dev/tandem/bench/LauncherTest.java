package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LauncherTest {

  /** The heap is a share of the container's memory there, and here of the same amount. */
  private static final String HEAP = "-XX:MaxRAMPercentage=50";

  @Test
  void measuresWithTheOptionsThatServicesHaveInTheClusters() throws IOException {
    List<String> chart =
        Files.readString(Path.of("../helm-charts/tandem-service/values.yaml"))
            .lines()
            .dropWhile(line -> !line.strip().equals("jvmOptions:"))
            .skip(1)
            .takeWhile(line -> !line.isBlank())
            .map(String::strip)
            .filter(line -> line.startsWith("- "))
            .map(line -> line.substring(2))
            .toList();

    assertThat(chart).contains(HEAP);
    assertThat(Launcher.OPTIONS)
        .containsAll(chart.stream().filter(option -> !option.equals(HEAP)).toList());
  }
}
