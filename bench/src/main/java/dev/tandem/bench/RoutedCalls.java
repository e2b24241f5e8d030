package dev.tandem.bench;

import dev.tandem.registry.EtcdServiceRegistry;
import dev.tandem.registry.RegistryMeter;
import dev.tandem.registry.RegistryNameResolverProvider;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import io.etcd.jetcd.api.PutResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that finds a service in the registry and calls it all the time, and two servers between
 * which the service moves.
 */
final class RoutedCalls implements AutoCloseable {

  static final String SERVICE = "moving";
  static final String KEY = "/services/" + SERVICE + "/one";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Between calls: a client that takes a core for itself has its own news wait. */
  private static final Duration PAUSE = Duration.ofNanos(100_000);

  private final List<Server> servers;
  private final EtcdServiceRegistry registry;
  private final RegistryNameResolverProvider resolver;
  private final ManagedChannel channel;
  private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
  private int at;

  /**
   * A move of the service, from the change's being sent on, nanoseconds.
   *
   * @param listened until a listener of the library was told
   * @param routed until the new place had answered a call
   */
  record Move(long listened, long routed) {}

  RoutedCalls(Etcd etcd) throws IOException, InterruptedException {
    servers = List.of(server("0"), server("1"));
    etcd.put(KEY, place());
    registry = new EtcdServiceRegistry(RegistryClient.settings(etcd.address()), RegistryMeter.NONE);
    resolver = new RegistryNameResolverProvider(registry);
    resolver.install();
    channel =
        NettyChannelBuilder.forTarget(RegistryNameResolverProvider.SCHEME + ":///" + SERVICE)
            .defaultLoadBalancingPolicy("round_robin")
            .usePlaintext()
            .build();
    var _ = registry.watch(SERVICE, _ -> heard.add(System.nanoTime()));
    var _ = told();
  }

  /** When the listener was told next. */
  private long told() throws IOException, InterruptedException {
    Long instant = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (instant == null) {
      throw new IOException("no listener was told for %d s".formatted(PATIENCE.toSeconds()));
    }
    return instant;
  }

  private static Server server(String name) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(new Named(name))
        .build()
        .start();
  }

  private String place() {
    return "{\"address\":\"127.0.0.1:%d\"}".formatted(servers.get(at).getPort());
  }

  /** Moves the service to its other server, and calls until that one answers. */
  Move move(Etcd etcd) throws IOException, InterruptedException, ExecutionException {
    at = 1 - at;
    String place = place();
    long start = System.nanoTime();
    Future<PutResponse> written = etcd.begin(KEY, place);
    UserServiceBlockingStub calls = UserServiceGrpc.newBlockingStub(channel).withWaitForReady();
    while (true) {
      GetUserResponse answer =
          calls
              .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .getUser(GetUserRequest.getDefaultInstance());
      long now = System.nanoTime();
      if (answer.getName().equals(Integer.toString(at))) {
        var _ = written.get();
        return new Move(told() - start, now - start);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (now - start > PATIENCE.toNanos()) {
        throw new IOException(
            "calls still go to the other server %d s after it has moved"
                .formatted(PATIENCE.toSeconds()));
      }
    }
  }

  /**
   * The same call by a channel that was just made, which knows the address and no registry.
   *
   * @return until the answer, nanoseconds
   */
  long connect() {
    long start = System.nanoTime();
    ManagedChannel fresh =
        NettyChannelBuilder.forAddress("127.0.0.1", servers.get(at).getPort())
            .usePlaintext()
            .build();
    try {
      var _ =
          UserServiceGrpc.newBlockingStub(fresh)
              .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .getUser(GetUserRequest.getDefaultInstance());
      return System.nanoTime() - start;
    } finally {
      fresh.shutdownNow();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    resolver.uninstall();
    registry.close();
    servers.forEach(Server::shutdownNow);
  }

  /** Says which server it is. */
  private static final class Named extends UserServiceImplBase {
    private final GetUserResponse answer;

    Named(String name) {
      answer = GetUserResponse.newBuilder().setName(name).build();
    }

    @Override
    public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
      response.onNext(answer);
      response.onCompleted();
    }
  }
}
