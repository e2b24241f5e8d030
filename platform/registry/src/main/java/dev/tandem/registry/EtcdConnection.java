package dev.tandem.registry;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel to one of etcd's members; to the next one when that fails. Calls that are on the old
 * channel go on there for as long as they can: one slow answer must not make every watch begin
 * anew.
 */
final class EtcdConnection implements AutoCloseable {

  /**
   * Makes a member that has lost its leader say so, instead of staying silent.
   *
   * @see <a href="https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/">etcd's
   *     WithRequireLeader</a>
   */
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", ASCII_STRING_MARSHALLER);

  /** A service's instances are listed in one message. */
  private static final int LARGEST_MESSAGE = 32 * 1024 * 1024;

  private final Endpoints endpoints;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Route route;

  @GuardedBy("lock")
  private boolean closed;

  EtcdConnection(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** A channel and where it leads. */
  record Route(ManagedChannel channel, Address address) {

    /** For calls that only a member with a leader may answer. */
    Channel withLeader() {
      Metadata headers = new Metadata();
      headers.put(REQUIRE_LEADER, "true");
      return ClientInterceptors.intercept(
          channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
  }

  Route route() throws ServerFailure {
    lock.lock();
    try {
      if (closed) {
        throw new ServerFailure.Unreachable("the registry is closed");
      }
      if (route == null) {
        Address address = endpoints.current();
        ChannelCredentials credentials =
            endpoints.encrypted()
                ? endpoints.identity().channelCredentials()
                : InsecureChannelCredentials.create();
        route =
            new Route(
                NettyChannelBuilder.forTarget("dns:///" + address, credentials)
                    // Whoever asks knows what may be asked twice.
                    .disableRetry()
                    .maxInboundMessageSize(LARGEST_MESSAGE)
                    .build(),
                address);
      }
      return route;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says what an error of a call means, and leaves the member that did not answer.
   *
   * @throws InterruptedException when the call ended because this thread was interrupted
   */
  ServerFailure failure(Route used, StatusRuntimeException error) throws InterruptedException {
    return failure(used, error.getStatus());
  }

  /** As above, of a stream. */
  ServerFailure failure(Route used, StatusException error) throws InterruptedException {
    return failure(used, error.getStatus());
  }

  private ServerFailure failure(Route used, Status status) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    String problem = "etcd at %s: %s".formatted(used.address(), describe(status));
    return switch (status.getCode()) {
      case NOT_FOUND -> new ServerFailure.LeaseLost(problem);
      case PERMISSION_DENIED, UNAUTHENTICATED, INVALID_ARGUMENT ->
          new ServerFailure.Refused(
              problem
                  + "; give the user that this process's certificate names a role for its keys");
      case FAILED_PRECONDITION, UNIMPLEMENTED, RESOURCE_EXHAUSTED, OUT_OF_RANGE, ALREADY_EXISTS ->
          new ServerFailure.Refused(problem);
      case OK, CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> {
        leave(used);
        yield new ServerFailure.Unreachable(problem, status.asException());
      }
    };
  }

  /** A cause says more than gRPC's own words, "io exception" and a list of handlers. */
  private static String describe(Status status) {
    String reason =
        status.getCause() != null ? Reason.of(status.getCause()) : status.getDescription();
    return reason == null ? status.getCode().name() : status.getCode() + ", " + reason;
  }

  /** Another member from now on, unless somebody else has seen to it. */
  void leave(Route failed) {
    lock.lock();
    try {
      if (failed.equals(route)) {
        route = null;
        endpoints.moveOn();
      }
    } finally {
      lock.unlock();
    }
    failed.channel().shutdown();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (route != null) {
        route.channel().shutdownNow();
        route = null;
      }
    } finally {
      lock.unlock();
    }
    endpoints.close();
  }
}
