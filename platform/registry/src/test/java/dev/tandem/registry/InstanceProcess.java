package dev.tandem.registry;

import io.smallrye.config.SysPropConfigSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An instance in a process of its own, which can be killed and paused. */
final class InstanceProcess {

  private InstanceProcess() {}

  /**
   * Starts one that registers itself.
   *
   * @param server the kind of server that it registers at
   */
  static ServerProcess start(
      Class<? extends RegistryServer> server, Map<String, String> settings, Instance instance)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
    settings.forEach(
        (key, value) -> arguments.add("-Dtandem.registry.%s=%s".formatted(key, value)));
    arguments.addAll(
        List.of(
            InstanceProcess.class.getName(),
            server == EtcdServer.class ? "etcd" : "consul",
            instance.service(),
            instance.id(),
            instance.address().toString(),
            Integer.toString(instance.weight())));
    return new ServerProcess(
        ServerProcess.newFolder("instance"),
        "instance",
        Path.of(System.getProperty("java.home"), "bin", "java"),
        arguments);
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
}
