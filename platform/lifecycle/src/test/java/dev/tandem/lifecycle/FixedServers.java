package dev.tandem.lifecycle;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolver.Args;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/** Names a fixed set of local servers, as a registry that has not heard of anything would. */
final class FixedServers extends NameResolverProvider {

  private static final String SCHEME = "fixed";

  private final List<EquivalentAddressGroup> servers;

  FixedServers(List<Integer> ports) {
    servers =
        ports.stream()
            .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .map(EquivalentAddressGroup::new)
            .toList();
  }

  String target() {
    return SCHEME + ":///servers";
  }

  @Override
  public NameResolver newNameResolver(URI target, Args arguments) {
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return "servers";
      }

      @Override
      public void start(Listener2 listener) {
        listener.onResult(
            ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(servers)).build());
      }

      @Override
      public void shutdown() {}
    };
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }
}
