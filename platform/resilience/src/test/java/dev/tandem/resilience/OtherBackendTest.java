package dev.tandem.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtherBackendTest {

  @Test
  void aRepetitionReachesAnotherServerWhereTheChannelKnowsSeveral() throws Exception {
    try (UserServer sick =
            new UserServer(
                (number, request, response) ->
                    response.onError(Status.UNAVAILABLE.asRuntimeException()));
        UserServer well =
            new UserServer((number, request, response) -> UserServer.answerAda(request, response));
        Client client = new Client(new Resilience(Fast.policies()), connection(sick, well))) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.name()).isEqualTo("Ada Lovelace");
      }

      assertThat(well.calls()).isEqualTo(20);
    }
  }

  private static ManagedChannel connection(UserServer... servers) {
    NameResolverRegistry.getDefaultRegistry().register(new Both(servers));
    return NettyChannelBuilder.forTarget("both:///users")
        .usePlaintext()
        .disableRetry()
        .defaultLoadBalancingPolicy("round_robin")
        .build();
  }

  /** Resolves every name to the same servers. */
  private static final class Both extends NameResolverProvider {
    private final List<EquivalentAddressGroup> addresses;

    private Both(UserServer... servers) {
      addresses =
          List.of(servers).stream()
              .map(
                  server ->
                      new EquivalentAddressGroup(
                          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())))
              .toList();
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return new NameResolver() {
        @Override
        public String getServiceAuthority() {
          return "users";
        }

        @Override
        public void start(Listener2 listener) {
          listener.onResult(
              ResolutionResult.newBuilder()
                  .setAddressesOrError(StatusOr.fromValue(addresses))
                  .build());
        }

        @Override
        public void shutdown() {}
      };
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return "both";
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
      return List.of(InetSocketAddress.class);
    }
  }
}
