package dev.tandem.bench;

import dev.tandem.transport.ServerTransport;
import dev.tandem.transport.TlsIdentity;
import dev.tandem.transport.TransportSettings;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * grpc-java with nothing around the method: no framework, no interceptor. Its transport has the
 * platform's settings. Calls are answered on grpc-java's thread pool, which is its default, or stay
 * on the event loop as the user service's do.
 */
final class BareServer {

  private BareServer() {}

  /** The argument after the port that keeps calls on the event loop. */
  static final String ON_EVENT_LOOP = "on-event-loop";

  /** Serves on the port that is the first argument. */
  static void main(String[] arguments) throws IOException, InterruptedException {
    NettyServerBuilder builder = NettyServerBuilder.forPort(Integer.parseInt(arguments[0]));
    new ServerTransport(settings(), TlsIdentity.none()).applyTo(builder);
    if (List.of(arguments).contains(ON_EVENT_LOOP)) {
      builder.directExecutor();
    }
    builder.addService(new UserCalls()).build().start().awaitTermination();
  }

  private static TransportSettings settings() {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .withMapping(TransportSettings.class)
        .build()
        .getConfigMapping(TransportSettings.class);
  }
}
