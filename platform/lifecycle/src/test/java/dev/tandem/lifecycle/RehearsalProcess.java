package dev.tandem.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.bootstrap.app.AugmentResult;
import io.quarkus.bootstrap.app.CuratedApplication;
import io.quarkus.bootstrap.app.QuarkusBootstrap;
import io.quarkus.paths.PathList;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The application of {@code dev.tandem.lifecycle.rehearsal}, packaged, in a process of its own. */
final class RehearsalProcess implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();
  private static final Path TEST_CLASSES = Path.of("target/test-classes").toAbsolutePath();
  private static final Path TARGET = Path.of("target/rehearsal").toAbsolutePath();
  private static final String PACKAGE = "dev/tandem/lifecycle/rehearsal";

  private final Process process;
  private final Path output;
  private final int grpcPort;
  private final int httpPort;

  private RehearsalProcess(Process process, Path output, int grpcPort, int httpPort) {
    this.process = process;
    this.output = output;
    this.grpcPort = grpcPort;
    this.httpPort = httpPort;
  }

  /** Packages the application as Quarkus' Maven plugin does, and gives the jar to run. */
  static Path packaged() throws Exception {
    Path application = TARGET.resolve("classes");
    copy(TEST_CLASSES.resolve(PACKAGE), application.resolve(PACKAGE));
    Properties properties = new Properties();
    properties.setProperty("quarkus.grpc.server.use-separate-server", "true");
    try (CuratedApplication curated =
        QuarkusBootstrap.builder()
            .setApplicationRoot(PathList.of(application, CLASSES))
            .setProjectRoot(Path.of("").toAbsolutePath())
            .setTargetDirectory(TARGET)
            .setMode(QuarkusBootstrap.Mode.PROD)
            .setLocalProjectDiscovery(true)
            .setIsolateDeployment(true)
            .setBaseName("rehearsal")
            .setBuildSystemProperties(properties)
            .build()
            .bootstrap()) {
      AugmentResult result = curated.createAugmentor().createProductionApplication();
      return Objects.requireNonNull(result.getJar()).getPath();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.write(copy, Files.readAllBytes(file));
      }
    }
  }

  /** Starts the application without waiting for it. */
  static RehearsalProcess launch(Path jar, Map<String, String> settings) throws IOException {
    int grpcPort = freePort();
    int httpPort = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dquarkus.grpc.server.port=" + grpcPort);
    command.add("-Dquarkus.http.port=" + httpPort);
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-jar");
    command.add(jar.toString());
    Path output = Files.createTempFile(TARGET, "output-", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new RehearsalProcess(process, output, grpcPort, httpPort);
  }

  /** Starts the application and waits until it is ready. */
  static RehearsalProcess start(Path jar, Map<String, String> settings) throws IOException {
    RehearsalProcess process = launch(jar, settings);
    await("the application to be ready")
        .atMost(LIMIT)
        .ignoreExceptions()
        .failFast(() -> assertThat(process.process.isAlive()).as(process.output()).isTrue())
        .until(() -> process.httpStatus("/health/ready") == 200);
    return process;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  int grpcPort() {
    return grpcPort;
  }

  int httpStatus(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + httpPort + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  /** SIGTERM, as Kubernetes sends it. {@link Process#destroy} would close standard input, too. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Gives the application a cue on its standard input. */
  void cue(String cue) {
    PrintStream input = new PrintStream(process.getOutputStream(), true);
    input.println(cue);
  }

  /** Everything that it has said. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until it has said something. */
  void awaitOutput(String text) {
    await("the application to say \"" + text + "\"")
        .atMost(LIMIT)
        .until(this::output, said -> said.contains(text));
  }

  /** Waits for its end and gives its exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + LIMIT + ":\n" + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
