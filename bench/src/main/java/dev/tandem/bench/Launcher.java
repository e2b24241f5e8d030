package dev.tandem.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts servers: each on ports of its own, all with the same options of the JVM. */
final class Launcher {

  /**
   * Those that helm-charts/tandem-service gives every service, with the heap that its memory limit
   * leaves them.
   */
  static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-Xmx256m",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData");

  private final Path logs;
  private final Credentials credentials;
  private final Processes processes;

  Launcher(Path logs, Credentials credentials, Processes processes) {
    this.logs = logs;
    this.credentials = credentials;
    this.processes = processes;
  }

  /** Starts a server and waits until it has answered a call. */
  Server start(Variant variant) throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(variant.runtime().resolve("bin/java").toString());
    command.addAll(OPTIONS);
    command.addAll(variant.options());
    variant.program().stream()
        .map(argument -> argument.equals(Variant.PORT) ? Integer.toString(port) : argument)
        .forEach(command::add);
    Path log = logs.resolve(variant.name().replace(' ', '-') + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(variant.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(Launcher::isSetting);
    builder.environment().putAll(credentials.environment());
    builder.environment().putAll(variant.environment());
    builder
        .environment()
        .putAll(
            Map.of(
                "QUARKUS_GRPC_SERVER_PORT", Integer.toString(port),
                "QUARKUS_HTTP_PORT", Integer.toString(freePort()),
                "TANDEM_LIFECYCLE_WITHDRAW_DELAY", "PT0S"));
    long started = System.nanoTime();
    Process process = processes.start(builder);
    return Server.answering(variant, process, started, port, credentials.token(), log);
  }

  /** What this shell happens to have set would be measured, too. */
  private static boolean isSetting(String name) {
    return name.startsWith("TANDEM_")
        || name.startsWith("QUARKUS_")
        || name.startsWith("JAVA_TOOL");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
