package dev.tandem.registry;

import io.smallrye.config.SysPropConfigSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An instance in a process of its own, which can be killed. */
final class InstanceProcess implements AutoCloseable {

  private final Process process;

  private InstanceProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one that registers itself.
   *
   * @param server the kind of server that it registers at
   */
  static InstanceProcess start(
      Class<? extends RegistryServer> server, Map<String, String> settings, Instance instance)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    settings.forEach((key, value) -> command.add("-Dtandem.registry.%s=%s".formatted(key, value)));
    command.add(InstanceProcess.class.getName());
    command.add(server == EtcdServer.class ? "etcd" : "consul");
    command.add(instance.service());
    command.add(instance.id());
    command.add(instance.address().toString());
    command.add(Integer.toString(instance.weight()));
    File log = ServerProcess.newFolder("instance").resolve("instance.log").toFile();
    return new InstanceProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start());
  }

  /** What runs there: registers and waits for its end. */
  public static void main(String[] arguments) throws InterruptedException {
    RegistrySettings settings = TestSettings.from(new SysPropConfigSource());
    ServiceRegistry registry =
        arguments[0].equals("etcd")
            ? new EtcdServiceRegistry(settings, RegistryMeter.NONE)
            : new ConsulServiceRegistry(settings, RegistryMeter.NONE);
    var _ =
        registry.register(
            new Instance(
                arguments[1],
                arguments[2],
                Address.of(arguments[3]),
                "1.0",
                "shanghai",
                "cn-east",
                Integer.parseInt(arguments[4])));
    Thread.currentThread().join();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
