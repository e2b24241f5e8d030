package dev.tandem.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Opens channels with the settings of {@link TransportSettings.Client}. In Quarkus, inject one with
 * {@link ChannelTo}; elsewhere:
 *
 * <pre>{@code
 * ManagedChannel users = new ChannelFactory(settings, tls, List.of()).open("user");
 * }</pre>
 */
public final class ChannelFactory {

  private static final Check CHECK = new Check("tandem.transport.client.");

  private final TlsIdentity tls;
  private final Map<String, TransportSettings.Target> targets;
  private final List<ClientInterceptor> interceptors;
  private final Duration keepAlive;
  private final Duration keepAliveTimeout;
  private final Duration idle;
  private final int window;
  private final int messageSize;
  private final int headerSize;

  /**
   * Checks the settings.
   *
   * @param interceptors for every call of every channel, the innermost first
   * @throws WrongSettingException when a setting cannot be followed
   */
  public ChannelFactory(
      TransportSettings settings, TlsIdentity tls, List<ClientInterceptor> interceptors) {
    TransportSettings.Client client = settings.client();
    this.tls = tls;
    this.targets = settings.channels();
    this.interceptors = List.copyOf(interceptors);
    this.keepAlive = CHECK.keepAlive("keep-alive", client.keepAlive());
    this.keepAliveTimeout = CHECK.positive("keep-alive-timeout", client.keepAliveTimeout());
    this.idle = CHECK.life("idle", client.idle());
    this.window = CHECK.bytes("window", client.window());
    this.messageSize = CHECK.bytes("message-size", client.messageSize());
    this.headerSize = CHECK.bytes("header-size", client.headerSize());
    targets.forEach(this::check);
  }

  /**
   * Opens the channel of a name; it connects with its first call. Whoever opens it closes it.
   *
   * @throws WrongSettingException when no target is set for the name
   */
  public ManagedChannel open(String name) {
    TransportSettings.Target target = targets.get(name);
    if (target == null) {
      throw new WrongSettingException(
          key(name, "target"), "", "must say where the channel leads, such as user:9000");
    }
    ManagedChannelBuilder<?> builder =
        target.xds()
            ? Xds.builder(target.target(), credentials(target), window)
            : NettyChannelBuilder.forTarget(target.target(), credentials(target))
                .initialFlowControlWindow(window)
                .defaultServiceConfig(target.loadBalancing().serviceConfig());
    applyTo(builder);
    target.authority().ifPresent(builder::overrideAuthority);
    // One by one, the last outermost, as Quarkus does it for its own channels.
    interceptors.forEach(builder::intercept);
    return builder.build();
  }

  /** What all channels have, whatever they are built with. */
  void applyTo(ManagedChannelBuilder<?> builder) {
    builder
        .keepAliveTime(keepAlive.toNanos(), NANOSECONDS)
        .keepAliveTimeout(keepAliveTimeout.toNanos(), NANOSECONDS)
        .keepAliveWithoutCalls(true)
        .idleTimeout(idle.toNanos(), NANOSECONDS)
        .maxInboundMessageSize(messageSize)
        .maxInboundMetadataSize(headerSize);
  }

  private ChannelCredentials credentials(TransportSettings.Target target) {
    return switch (target.security()) {
      case PLAINTEXT -> InsecureChannelCredentials.create();
      case MUTUAL_TLS -> tls.channelCredentials();
    };
  }

  private void check(String name, TransportSettings.Target target) {
    if (target.target().isBlank()) {
      throw new WrongSettingException(
          key(name, "target"), "", "must say where the channel leads, such as user:9000");
    }
    if (target.security() == Security.MUTUAL_TLS) {
      tls.requireFor(key(name, "security"));
    }
    if (target.xds()) {
      Xds.require(key(name, "xds"));
    } else if (LoadBalancerRegistry.getDefaultRegistry()
            .getProvider(target.loadBalancing().policy())
        == null) {
      throw new WrongSettingException(
          key(name, "load-balancing"),
          target.loadBalancing().setting(),
          "needs io.grpc:grpc-xds among the dependencies; add it, or take pick-first or"
              + " round-robin");
    }
  }

  private static String key(String name, String key) {
    return "tandem.transport.channels.\"%s\".%s".formatted(name, key);
  }
}
