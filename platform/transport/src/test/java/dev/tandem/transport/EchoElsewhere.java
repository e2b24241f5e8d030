package dev.tandem.transport;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The other process that the test's application calls. */
public final class EchoElsewhere implements QuarkusTestResourceLifecycleManager {

  private @Nullable EchoServer server;

  @Override
  public Map<String, String> start() {
    try {
      EchoServer started = EchoServer.with();
      server = started;
      return Map.of("tandem.transport.channels.echo.target", "127.0.0.1:" + started.port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    Objects.requireNonNull(server).close();
  }
}
