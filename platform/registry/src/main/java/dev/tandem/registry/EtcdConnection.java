package dev.tandem.registry;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import dev.tandem.registry.Routes.Route;
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

/** Channels to etcd's members, and what the errors of calls on them mean. */
final class EtcdConnection implements AutoCloseable {

  /**
   * Makes a member that has lost its leader say so, instead of staying silent.
   *
   * @see <a href="https://pkg.go.dev/go.etcd.io/etcd/client/v3#WithRequireLeader">etcd's
   *     WithRequireLeader</a>
   */
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", ASCII_STRING_MARSHALLER);

  /** A service's instances are listed in one message. */
  private static final int LARGEST_MESSAGE = 32 * 1024 * 1024;

  private final Endpoints endpoints;
  private final Routes<ManagedChannel> routes;

  EtcdConnection(Endpoints endpoints) {
    this.endpoints = endpoints;
    this.routes =
        new Routes<>(endpoints, this::open, ManagedChannel::shutdown, ManagedChannel::shutdownNow);
  }

  private ManagedChannel open(Address address) throws ServerFailure {
    ChannelCredentials credentials =
        endpoints.encrypted()
            ? endpoints.identity().channelCredentials()
            : InsecureChannelCredentials.create();
    return NettyChannelBuilder.forTarget("dns:///" + address, credentials)
        // Whoever asks knows what may be asked twice.
        .disableRetry()
        .maxInboundMessageSize(LARGEST_MESSAGE)
        .build();
  }

  Route<ManagedChannel> route() throws ServerFailure {
    return routes.current();
  }

  /** For calls that only a member with a leader may answer. */
  static Channel withLeader(Route<ManagedChannel> route) {
    Metadata headers = new Metadata();
    headers.put(REQUIRE_LEADER, "true");
    return ClientInterceptors.intercept(
        route.client(), MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /**
   * Says what an error of a call means, and leaves the member that did not answer.
   *
   * @throws InterruptedException when the call ended because this thread was interrupted
   */
  ServerFailure failure(Route<ManagedChannel> used, StatusRuntimeException error)
      throws InterruptedException {
    return failure(used, error.getStatus());
  }

  /** As above, of a stream. */
  ServerFailure failure(Route<ManagedChannel> used, StatusException error)
      throws InterruptedException {
    return failure(used, error.getStatus());
  }

  private ServerFailure failure(Route<ManagedChannel> used, Status status)
      throws InterruptedException {
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

  /** In words that are the same each time, and say more than gRPC's "io exception". */
  private static String describe(Status status) {
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return "no answer in time";
    }
    String reason =
        status.getCause() != null ? Reason.of(status.getCause()) : status.getDescription();
    return reason == null ? status.getCode().name() : status.getCode() + ", " + reason;
  }

  /** As {@link Routes#leave}. */
  void leave(Route<ManagedChannel> failed) {
    routes.leave(failed);
  }

  @Override
  public void close() {
    routes.close();
  }
}
