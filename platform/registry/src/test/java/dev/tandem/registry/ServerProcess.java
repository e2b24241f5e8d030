package dev.tandem.registry;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A program on this machine that can be killed, paused and started again. */
final class ServerProcess implements AutoCloseable {

  /** For whatever a busy machine needs much longer for than a calm one. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Path BINARIES = Path.of("../../build/bin").toAbsolutePath().normalize();
  private static final Set<ServerProcess> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(server -> server.process.destroyForcibly())));
  }

  private final List<String> command;
  private final Path log;
  private Process process;

  /**
   * Starts one of the binaries of clusters/supply.
   *
   * @param folder for its log
   */
  ServerProcess(Path folder, String binary, List<String> arguments) throws IOException {
    this(folder, binary, pathOf(binary), arguments);
  }

  /** Starts any program, under a name. */
  ServerProcess(Path folder, String name, Path program, List<String> arguments) throws IOException {
    command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(arguments);
    log = Files.createDirectories(folder).resolve(name + ".log");
    process = launch();
  }

  static Path pathOf(String binary) {
    Path path = BINARIES.resolve(binary);
    if (!Files.isExecutable(path)) {
      throw new IllegalStateException(
          "%s is missing: run scripts/tools.sh etcd etcdctl consul toxiproxy-server, as make check-java does"
              .formatted(path));
    }
    return path;
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    RUNNING.add(this);
    return started;
  }

  /** A folder for one test's servers, new and empty. */
  static Path newFolder(String name) throws IOException {
    return Files.createTempDirectory(Files.createDirectories(Path.of("target/servers")), name)
        .toAbsolutePath();
  }

  /** A port that nobody listens on. */
  static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a question to the program is answered with yes. */
  void awaitReady(Callable<Boolean> ready) {
    await(command.getFirst() + " to answer; see " + log)
        .atMost(LIMIT)
        .ignoreExceptions()
        .failFast(() -> !process.isAlive())
        .until(ready);
  }

  /** SIGKILL; returns when the program is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(command.getFirst() + " does not end");
    }
  }

  /** Starts it again, with the same arguments. */
  void restart() throws IOException {
    process = launch();
  }

  /** SIGSTOP: its connections stay open, and nobody answers on them. */
  void pause() throws Exception {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new AssertionError("kill -%s ended with %d".formatted(name, code));
    }
  }

  @Override
  public void close() {
    RUNNING.remove(this);
    process.destroyForcibly();
  }
}
