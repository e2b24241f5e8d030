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

/**
 * grpc-java with nothing around the method: no framework, no interceptor. Its transport has the
 * platform's settings, and calls stay on the event loop as the user service's do, because a thread
 * pool would only make it slower.
 */
final class BareServer {

  private BareServer() {}

  /** Serves on the port that is the only argument. */
  static void main(String[] arguments) throws IOException, InterruptedException {
    NettyServerBuilder builder = NettyServerBuilder.forPort(Integer.parseInt(arguments[0]));
    new ServerTransport(settings(), TlsIdentity.none()).applyTo(builder);
    builder.directExecutor().addService(new UserCalls()).build().start().awaitTermination();
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
