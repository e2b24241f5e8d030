package dev.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code scripts/tandem} in a small copy of the repository, with a JDK and a Maven that only take
 * notes.
 */
final class LauncherTest {

  private static final Path REPOSITORY = Path.of("../..");

  private final Path root;

  LauncherTest(@TempDir Path root) {
    this.root = root;
  }

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void copyTheRepository() throws IOException {
    for (String file :
        List.of("scripts/tandem", "scripts/lib/common.sh", "clusters/topology.yaml")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(REPOSITORY.resolve(file), root.resolve(file));
    }
    write("pom.xml", "<project/>");
    for (String module : List.of("topology", "cli")) {
      write("platform/" + module + "/pom.xml", "<project/>");
      write("platform/" + module + "/src/main/java/Main.java", "class Main {}");
    }
    write("jdk/release", "JAVA_VERSION=\"25.0.1\"\n");
    script("jdk/bin/javac", "");
    script(
        "jdk/bin/java",
        """
        for argument; do
          case $argument in -XX:AOTCacheOutput=*) touch "${argument#*=}"; exit;; esac
        done
        echo "java $*"
        """);
    installMaven("");
  }

  @Test
  void buildsOnceAndThenOnlyStarts() throws Exception {
    Run first = tandem("topology", "two words");
    Run second = tandem("topology");

    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).endsWith("/tandem.jar topology two words\n");
    assertThat(second.out()).endsWith("/tandem.jar topology\n").contains("-XX:AOTCache=");
    assertThat(first.err() + second.err()).isEmpty();
    assertThat(mavenRuns()).singleElement().asString().contains("-o", "-pl platform/cli -am");
  }

  @Test
  void startsFromAnywhere() throws Exception {
    write("elsewhere/keep", "");

    Run run = start(root.resolve("elsewhere"), "--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).endsWith("/tandem.jar --version\n");
  }

  @Test
  void buildsAgainWhenASourceChanged() throws Exception {
    tandem();
    write("platform/topology/src/main/java/Main.java", "class Main { int changed; }");
    tandem();
    write("platform/topology/src/main/java/Main.java", "class Main {}");
    Run back = tandem();

    assertThat(back.exitCode()).isZero();
    assertThat(mavenRuns()).hasSize(2);
  }

  @Test
  void doesNotBuildWhenOnlyATestChanged() throws Exception {
    tandem();
    write("platform/cli/src/test/java/MainTest.java", "class MainTest {}");
    tandem();

    assertThat(mavenRuns()).hasSize(1);
  }

  @Test
  void buildsOnceWhenStartedManyTimesTogether() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      processes.add(process(root, "--version").start());
    }
    for (Process process : processes) {
      assertThat(resultOf(process).out()).endsWith("/tandem.jar --version\n");
      assertThat(process.exitValue()).isZero();
    }

    assertThat(mavenRuns()).hasSize(1);
  }

  @Test
  void goesToTheNetworkForWhatWasNeverDownloaded() throws Exception {
    installMaven(
        """
        case " $* " in *" -o "*) echo "[ERROR] Cannot access central in offline mode"; exit 1;; esac
        """);

    Run run = tandem("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(mavenRuns()).hasSize(2).last().asString().doesNotContain(" -o ");
  }

  @Test
  void showsWhyItDoesNotBuildAndBuildsOnceMended() throws Exception {
    installMaven(
        """
        echo "[INFO] chatter"; echo "[ERROR] Main.java:[1,7] ';' expected"; exit 1
        """);

    Run broken = tandem("--version");
    installMaven("");
    Run mended = tandem("--version");

    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.err())
        .contains("Main.java:[1,7] ';' expected", "error: the tandem command does not build")
        .doesNotContain("chatter");
    assertThat(mended.exitCode()).isZero();
    assertThat(mavenRuns()).hasSize(2);
  }

  @Test
  void startsWithoutTheStartUpCacheWhenItCannotBeMade() throws Exception {
    script(
        "jdk/bin/java",
        """
        case "$*" in *AOTCacheOutput*) exit 1;; esac
        echo "java $*"
        """);

    Run run = tandem("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).endsWith("/tandem.jar --version\n").doesNotContain("AOTCache");
    assertThat(run.err()).contains("warning: no start-up cache");
  }

  @Test
  void keepsTheLastThreeVersions() throws Exception {
    for (int i = 0; i < 5; i++) {
      write("pom.xml", "<project>" + i + "</project>");
      tandem();
    }

    try (Stream<Path> entries = Files.list(root.resolve("build/tandem"))) {
      assertThat(entries.filter(Files::isDirectory)).hasSize(3);
    }
  }

  @Test
  void passesOnTheExitCodeOfTheCommand() throws Exception {
    script("jdk/bin/java", "exit 2");

    assertThat(tandem("nonsense").exitCode()).isEqualTo(2);
  }

  /** A Maven that notes how it was called, does {@code first}, then leaves what a build leaves. */
  private void installMaven(String first) throws IOException {
    script(
        "bin/mvn",
        """
        echo "mvn $*" >>"%1$s/maven.log"
        %2$s
        mkdir -p "%1$s/platform/cli/target/launcher/lib"
        touch "%1$s/platform/cli/target/launcher/tandem.jar"
        """
            .formatted(root, first));
  }

  private List<String> mavenRuns() throws IOException {
    return Files.readAllLines(root.resolve("maven.log"));
  }

  private Run tandem(String... arguments) throws Exception {
    return start(root, arguments);
  }

  private Run start(Path directory, String... arguments) throws Exception {
    return resultOf(process(directory, arguments).start());
  }

  private ProcessBuilder process(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of(root.resolve("scripts/tandem").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", root.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("TANDEM_JAVA_HOME", root.resolve("jdk").toString());
    environment.put("HOME", root.toString());
    environment.keySet().removeIf(name -> name.startsWith("XDG_") || name.equals("TANDEM_BUILD"));
    return builder;
  }

  private static Run resultOf(Process process) throws Exception {
    try (var out = process.inputReader();
        var err = process.errorReader()) {
      String text = String.join("", out.lines().map(line -> line + "\n").toList());
      String problems = String.join("", err.lines().map(line -> line + "\n").toList());
      return new Run(process.waitFor(), text, problems);
    }
  }

  private void script(String file, String body) throws IOException {
    write(file, "#!/bin/bash\n" + body);
    assertThat(root.resolve(file).toFile().setExecutable(true)).isTrue();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
