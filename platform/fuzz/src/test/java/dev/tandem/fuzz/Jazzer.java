package dev.tandem.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fuzzer, in a process of its own: it changes classes as they are loaded, counts the branches
 * that an input takes, and keeps inputs that take new ones.
 */
final class Jazzer {

  /** What is instrumented: ours, and what does the parsing for us. */
  private static final String INCLUDES = "dev.tandem.**:com.nimbusds.**:org.snakeyaml.engine.**";

  /** Lines of libFuzzer's that say how it goes. */
  private static final Pattern PROGRESS =
      Pattern.compile("#[0-9]+\\s+(INITED|pulse|DONE|RELOAD)\\s.*");

  private static final Pattern FOUND =
      Pattern.compile("(== Java Exception:|\tat dev\\.tandem\\.|.*Test unit written to ).*");

  /** The first input pays for the start of what reads it, which on a busy machine took 10 s. */
  private static final int SECONDS_FOR_ONE_INPUT = 60;

  private Jazzer() {}

  /**
   * Tries inputs for some time.
   *
   * @return what was found and how to repeat it; empty when nothing was
   */
  static Optional<String> run(Target target, int seconds) throws IOException, InterruptedException {
    // New inputs that lead somewhere; kept, so that the next run begins where this one ends.
    Path grown = Files.createDirectories(Path.of("target", "fuzz", target.shortName()));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:-OmitStackTraceInFastThrow",
                "-XX:+EnableDynamicAgentLoading",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.name(),
                "--instrumentation_includes=" + INCLUDES,
                "--custom_hook_includes=" + INCLUDES,
                "--reproducer_path=" + Path.of("target", "fuzz"),
                "-max_total_time=" + seconds,
                "-timeout=" + SECONDS_FOR_ONE_INPUT,
                "-artifact_prefix=" + target.corpus() + "/",
                grown.toString(),
                target.corpus().toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> log = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(line -> take(target, line, log));
    }
    Files.write(Path.of("target", "fuzz", target.shortName() + ".log"), log);
    return process.waitFor() == 0 ? Optional.empty() : Optional.of(report(target, log));
  }

  private static void take(Target target, String line, List<String> log) {
    log.add(line);
    if (PROGRESS.matcher(line).matches()) {
      System.out.printf("%-18s %s%n", target.shortName(), line);
    }
  }

  private static String report(Target target, List<String> log) {
    List<String> found = log.stream().filter(line -> FOUND.matcher(line).matches()).toList();
    return """
        %s broke:
        %s
        The input is in platform/fuzz/%s, its log in platform/fuzz/target/fuzz/%s.log.
        Again: mvn -pl platform/fuzz -am verify -Dtest=FuzzTest#holdsForAllThatIsInTheCorpus -Dsurefire.failIfNoSpecifiedTests=false
        When it is mended, keep the input: git add platform/fuzz/%s"""
        .formatted(
            target.shortName(),
            String.join(
                "\n",
                found.isEmpty() ? log.subList(Math.max(0, log.size() - 20), log.size()) : found),
            target.corpus(),
            target.shortName(),
            target.corpus());
  }
}
