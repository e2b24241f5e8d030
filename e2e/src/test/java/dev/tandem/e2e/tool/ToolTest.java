package dev.tandem.e2e.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ToolTest {
  private final Path root;

  ToolTest(@TempDir Path root) {
    this.root = root;
  }

  @Test
  void prefersTheCheckoutsOwnBinary() throws IOException {
    Path bin = Files.createDirectories(root.resolve("build/bin"));
    Path own =
        Files.createFile(
            bin.resolve("istioctl"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

    assertThat(Tool.named(root, "istioctl", "--context", "c").line("version"))
        .containsExactly(own.toString(), "--context", "c", "version");
    assertThat(Tool.named(root, "kubectl").line("version")).containsExactly("kubectl", "version");
  }

  @Test
  void givesWhatARunSaid() {
    Tool.Output output = Tool.named(root, "sh").run("-c", "echo out; echo err >&2");

    assertThat(output.orFail()).isEqualTo("out\n");
    assertThat(output.err()).isEqualTo("err\n");
  }

  @Test
  void failsWithTheCommandAndWhatItSaid() {
    assertThatThrownBy(
            () -> Tool.named(root, "sh").run("-c", "echo no such context >&2; exit 3").orFail())
        .hasMessageStartingWith("sh -c echo no such context >&2; exit 3 ended with 3:")
        .hasMessageContaining("no such context");
  }

  @Test
  void saysWhereAMissingProgramComesFrom() {
    assertThatThrownBy(() -> Tool.named(root, "no-such-program").run())
        .hasMessageContaining("make up puts it there");
  }
}
