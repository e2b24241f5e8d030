package dev.tandem.e2e.tool;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program: the checkout's own in build/bin where there is one, else the one on the PATH.
 *
 * @param command the program and the arguments that every run has
 */
public record Tool(List<String> command) {
  private static final File NOTHING = new File("/dev/null");
  private static final Duration LIMIT = Duration.ofMinutes(6);

  public Tool {
    command = List.copyOf(command);
  }

  /** The program of that name, with arguments that every run has. */
  public static Tool named(Path root, String name, String... arguments) {
    Path own = root.resolve("build").resolve("bin").resolve(name);
    List<String> command = new ArrayList<>();
    command.add(Files.isExecutable(own) ? own.toString() : name);
    command.addAll(List.of(arguments));
    return new Tool(command);
  }

  /**
   * What a run gave.
   *
   * @param command what was run
   */
  public record Output(List<String> command, int exitCode, String out, String err) {
    /** Standard output, or an error that names the command and what it said. */
    public String orFail() {
      if (exitCode != 0) {
        throw new AssertionError(
            "%s ended with %d:%n%s%s".formatted(String.join(" ", command), exitCode, err, out));
      }
      return out;
    }

    /** Everything it said, for people. */
    public String all() {
      return exitCode == 0 ? out : "%s%s(exit code %d)%n".formatted(out, err, exitCode);
    }
  }

  /** Runs to the end, which comes within minutes or not at all. */
  public Output run(String... arguments) {
    List<String> line = line(arguments);
    try {
      Process process =
          new ProcessBuilder(line).redirectInput(ProcessBuilder.Redirect.from(NOTHING)).start();
      // Not in the common pool: with one thread, a program that fills standard error would block
      // it.
      CompletableFuture<String> out =
          CompletableFuture.supplyAsync(
              () -> text(process.getInputStream()),
              task -> Thread.ofPlatform().daemon().start(task));
      CompletableFuture<String> err =
          CompletableFuture.supplyAsync(
              () -> text(process.getErrorStream()),
              task -> Thread.ofPlatform().daemon().start(task));
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Output(
            line, -1, out.join(), err.join() + "still running after " + LIMIT + ": ended\n");
      }
      return new Output(line, process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot run %s: is it on the PATH, or in build/bin (make up puts it there)?"
              .formatted(line.getFirst()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + String.join(" ", line), e);
    }
  }

  /** The program and all its arguments. */
  public List<String> line(String... arguments) {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(arguments));
    return line;
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(unreadable: " + e + ")\n";
    }
  }
}
