package dev.tandem.caller.calls;

import dev.tandem.caller.token.Credential;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Connections to one target that take turns. In plaintext: inside the mesh the sidecar speaks mTLS.
 */
public final class Connections implements AutoCloseable {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int MESSAGE_BYTES = 16 << 20;

  private final List<ManagedChannel> channels;

  private Connections(List<ManagedChannel> channels) {
    this.channels = channels;
  }

  /** Prepares connections whose calls carry a credential; each is made by its first call. */
  public static Connections to(Target target, int count, Credential credential) {
    return new Connections(Stream.generate(() -> open(target, credential)).limit(count).toList());
  }

  private static ManagedChannel open(Target target, Credential credential) {
    return NettyChannelBuilder.forTarget("dns:///" + target)
        .usePlaintext()
        .intercept(new Authorization(credential))
        // Replies are only counted and queued: no thread has to be woken for that.
        .directExecutor()
        // A proxy set for the machine is none of the mesh's business.
        .proxyDetector(address -> null)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .idleTimeout(5, TimeUnit.MINUTES)
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(MESSAGE_BYTES)
        .build();
  }

  /** The connection whose turn it is. */
  public ManagedChannel forCall(long sequence) {
    return channels.get((int) (sequence % channels.size()));
  }

  /** Ends the connections and every call on them. */
  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
