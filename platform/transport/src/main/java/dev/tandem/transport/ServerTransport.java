package dev.tandem.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.grpc.ServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Gives a gRPC server the settings of {@link TransportSettings.Server}. In Quarkus that happens by
 * itself; elsewhere:
 *
 * <pre>{@code
 * NettyServerBuilder builder = NettyServerBuilder.forPort(9000);
 * new ServerTransport(settings, tls).applyTo(builder);
 * }</pre>
 */
@Singleton
public final class ServerTransport {

  private static final Check CHECK = new Check("tandem.transport.server.");

  private final Security security;
  private final TlsIdentity tls;
  private final int concurrentStreams;
  private final int window;
  private final Duration keepAlive;
  private final Duration keepAliveTimeout;
  private final Duration permitKeepAlive;
  private final Duration idle;
  private final Duration age;
  private final Duration ageGrace;
  private final int messageSize;
  private final int headerSize;

  /**
   * Checks the settings.
   *
   * @throws WrongSettingException when one of them cannot be followed
   */
  @Inject
  public ServerTransport(TransportSettings settings, TlsIdentity tls) {
    TransportSettings.Server server = settings.server();
    this.security = server.security();
    this.tls = tls;
    this.concurrentStreams = CHECK.positive("concurrent-streams", server.concurrentStreams());
    this.window = CHECK.bytes("window", server.window());
    this.keepAlive = CHECK.keepAlive("keep-alive", server.keepAlive());
    this.keepAliveTimeout = CHECK.positive("keep-alive-timeout", server.keepAliveTimeout());
    this.permitKeepAlive = CHECK.notNegative("permit-keep-alive", server.permitKeepAlive());
    this.idle = CHECK.life("idle", server.idle());
    this.age = CHECK.life("age", server.age());
    this.ageGrace = CHECK.notNegative("age-grace", server.ageGrace());
    this.messageSize = CHECK.bytes("message-size", server.messageSize());
    this.headerSize = CHECK.bytes("header-size", server.headerSize());
    if (security == Security.MUTUAL_TLS) {
      tls.requireFor(CHECK.prefix() + "security");
    }
  }

  /** Sets everything on a builder that has no credentials of its own. */
  public void applyTo(NettyServerBuilder builder) {
    builder.maxConcurrentCallsPerConnection(concurrentStreams).initialFlowControlWindow(window);
    if (security == Security.MUTUAL_TLS) {
      builder.sslContext(tls.serverContext(age));
    }
    applyTo((ServerBuilder<?>) builder);
  }

  /** What has a name beyond Netty. */
  void applyTo(ServerBuilder<?> builder) {
    builder
        .keepAliveTime(keepAlive.toNanos(), NANOSECONDS)
        .keepAliveTimeout(keepAliveTimeout.toNanos(), NANOSECONDS)
        .permitKeepAliveTime(permitKeepAlive.toNanos(), NANOSECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxConnectionIdle(idle.toNanos(), NANOSECONDS)
        .maxConnectionAge(age.toNanos(), NANOSECONDS)
        .maxConnectionAgeGrace(ageGrace.toNanos(), NANOSECONDS)
        .maxInboundMessageSize(messageSize)
        .maxInboundMetadataSize(headerSize);
  }
}
