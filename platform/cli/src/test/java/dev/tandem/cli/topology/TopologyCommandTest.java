package dev.tandem.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopologyCommandTest {

  private static final String SOUND = Golden.RESOURCES.resolve("three-clusters.yaml").toString();

  @Test
  void findsNoMistakeInASoundFile() {
    CommandRun run = CommandRun.of("topology", "check", "--file", SOUND);

    assertThat(run).isEqualTo(new CommandRun(0, SOUND + ": no mistakes, clusters: 3\n", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "check", "kind-config beijing", "values beijing"})
  void refusesAFaultyFileWithEveryMistake(String command, @TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("topology.yaml");
    Files.writeString(
        file,
        Files.readString(Path.of(SOUND))
            .replace("network: beijing", "network: shanghai")
            .replace("10.30.0.0/16", "10.20.0.0/16"));

    CommandRun run = CommandRun.of(("topology --file " + file + " " + command).strip().split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .containsExactly(
            file + ":24:14: network \"shanghai\" of cluster beijing is taken already, in line 15",
            "    fix: every cluster has a network of its own: choose another one",
            file
                + ":35:16: podSubnet of cluster singapore, 10.20.0.0/16, overlaps podSubnet of"
                + " cluster beijing, 10.20.0.0/16",
            "    fix: write 10.21.0.0/16, which is free");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind-config", "values"})
  void refusesAnUnknownCluster(String command) {
    CommandRun run = CommandRun.of("topology", "--file", SOUND, command, "beijin");

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2,
                "",
                "error: no cluster is named \"beijin\"\n    fix: did you mean \"beijing\"?\n"));
  }

  @Test
  void refusesToConfigureKindForAClusterThatExists() {
    String file = Golden.RESOURCES.resolve("primary-remote.yaml").toString();

    CommandRun run = CommandRun.of("topology", "kind-config", "singapore", "--file", file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: cluster singapore exists already");
  }

  @Test
  void refusesAnImageThatIsNone() {
    CommandRun run =
        CommandRun.of("topology", "kind-config", "beijing", "--image", "a\nb", "--file", SOUND);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("is no name of an image");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topology --output xml",
        "topology --outptu json",
        "topology chekc",
        "topology kind-config",
        "topology kind-config beijing --cgroup v3",
        "topology values beijing shanghai",
        "nonsense"
      })
  void refusesWhatItDoesNotKnow(String line) {
    CommandRun run = CommandRun.of(line.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsAnyOf("Usage: tandem", "--output", "Did you mean");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "topology --help",
        "topology check --help",
        "topology kind-config --help",
        "topology values --help"
      })
  void helpsWithExamplesAndExitCodes(String line) {
    CommandRun run = CommandRun.of(line.split(" "));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Usage: tandem", "Exit codes:", "Examples:\n  tandem ");
  }

  @Test
  void seesWhichCgroupVersionAHostHas(@TempDir Path directory) throws IOException {
    assertThat(CgroupVersion.mountedAt(directory)).isEqualTo(CgroupVersion.V1);

    Files.createFile(directory.resolve("cgroup.controllers"));

    assertThat(CgroupVersion.mountedAt(directory)).isEqualTo(CgroupVersion.V2);
  }
}
