package dev.tandem.compatibility;

import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service as it was packaged, in a process of its own, and a channel to it. */
final class ServiceProcess implements AutoCloseable {

  private final Process process;
  private final int port;
  private final ManagedChannel channel;

  private ServiceProcess(Process process, int port) {
    this.process = process;
    this.port = port;
    this.channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
            .build();
  }

  /** Starts it; the first call has to wait for it. Its log is in target/NAME.log. */
  static ServiceProcess start(String service, String name, Map<String, String> environment)
      throws IOException {
    int port = freePort();
    ProcessBuilder builder = process(service);
    // Nobody signs tokens here: this is about contracts.
    builder.environment().put("TANDEM_AUTH_ENABLED", "false");
    builder.environment().put("QUARKUS_GRPC_SERVER_PORT", Integer.toString(port));
    builder.environment().putAll(environment);
    builder.redirectOutput(Path.of("target", name + ".log").toFile());
    return new ServiceProcess(builder.start(), port);
  }

  /** The service's process, its errors among its output, and any port for HTTP. */
  static ProcessBuilder process(String service) {
    Path jar = Path.of("..", service, "target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    if (!Files.exists(jar)) {
      throw new IllegalStateException(
          jar.normalize() + " is not there: run mvn -pl services/compatibility -am verify");
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString()));
    builder.environment().put("QUARKUS_HTTP_PORT", "0");
    builder.redirectErrorStream(true);
    return builder;
  }

  Channel channel() {
    return channel;
  }

  int port() {
    return port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    process.destroy();
    process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join().destroyForcibly();
    process.onExit().join();
  }
}
