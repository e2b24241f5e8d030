package dev.tandem.transport;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverRegistry;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Targets that an xDS control plane knows: <a
 * href="https://github.com/grpc/proposal/blob/master/A27-xds-global-load-balancing.md">gRFC
 * A27</a>. The library is optional, so that nothing may link to it before it was found.
 */
final class Xds {

  private static final String SCHEME = "xds";

  /** Where grpc-xds looks for its bootstrap, in this order. */
  private static final List<String> VARIABLES =
      List.of("GRPC_XDS_BOOTSTRAP", "GRPC_XDS_BOOTSTRAP_CONFIG");

  private static final List<String> PROPERTIES =
      List.of("io.grpc.xds.bootstrap", "io.grpc.xds.bootstrapConfig");

  private Xds() {}

  /** Only after {@link #require}: the class behind it links to the library. */
  static ManagedChannelBuilder<?> builder(String target, ChannelCredentials fallback, int window) {
    return XdsChannelBuilder.of(target(target), fallback, window);
  }

  private static String target(String target) {
    return target.startsWith(SCHEME + ":") ? target : SCHEME + ":///" + target;
  }

  static void require(String key) {
    if (NameResolverRegistry.getDefaultRegistry().getProviderForScheme(SCHEME) == null) {
      throw new WrongSettingException(
          key,
          true,
          "needs io.grpc:grpc-xds among the dependencies; add it in the version of grpc-netty, or"
              + " set the key to false");
    }
    boolean bootstrapped =
        Stream.concat(
                VARIABLES.stream().map(System::getenv),
                PROPERTIES.stream().map(System::getProperty))
            .anyMatch(Objects::nonNull);
    if (!bootstrapped) {
      throw new WrongSettingException(
          key,
          true,
          "needs a bootstrap that names the control plane; set GRPC_XDS_BOOTSTRAP to its file, such"
              + " as the one that istio-agent writes");
    }
  }
}
