package dev.tandem.registry;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The registry that the application of a test finds in its settings. */
public final class RegistryElsewhere implements QuarkusTestResourceLifecycleManager {

  private @Nullable EtcdServer etcd;

  @Override
  public Map<String, String> start() {
    try {
      etcd = EtcdServer.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String port = Integer.toString(ServerProcess.freePort());
    return Map.of(
        "tandem.registry.endpoints",
        etcd.address().toString(),
        "tandem.registry.self.address",
        "127.0.0.1:" + port,
        "quarkus.grpc.server.port",
        port,
        "quarkus.grpc.server.test-port",
        port);
  }

  @Override
  public void stop() {
    if (etcd != null) {
      etcd.close();
    }
  }
}
