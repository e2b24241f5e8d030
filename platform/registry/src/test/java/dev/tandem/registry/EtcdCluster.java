package dev.tandem.registry;

import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A real etcd with three members. */
final class EtcdCluster implements AutoCloseable {

  private static final int MEMBERS = 3;

  private final List<Integer> ports = new ArrayList<>();
  private final List<ServerProcess> members = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  EtcdCluster() throws IOException {
    Path folder = ServerProcess.newFolder("etcd-cluster");
    List<String> peers =
        IntStream.range(0, MEMBERS)
            .mapToObj(_ -> "http://127.0.0.1:" + ServerProcess.freePort())
            .toList();
    String cluster =
        IntStream.range(0, MEMBERS)
            .mapToObj(member -> "m%d=%s".formatted(member, peers.get(member)))
            .collect(Collectors.joining(","));
    for (int member = 0; member < MEMBERS; member++) {
      int port = ServerProcess.freePort();
      String clients = "http://127.0.0.1:" + port;
      ports.add(port);
      channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
      members.add(
          new ServerProcess(
              folder.resolve("m" + member),
              "etcd",
              List.of(
                  "--name=m" + member,
                  "--data-dir=" + folder.resolve("m" + member).resolve("data"),
                  "--listen-client-urls=" + clients,
                  "--advertise-client-urls=" + clients,
                  "--listen-peer-urls=" + peers.get(member),
                  "--initial-advertise-peer-urls=" + peers.get(member),
                  "--initial-cluster=" + cluster,
                  // A busy machine must not look like a dead leader.
                  "--heartbeat-interval=250",
                  "--election-timeout=2500",
                  "--unsafe-no-fsync",
                  "--log-level=warn")));
    }
    awaitLeader();
  }

  /** For a client's settings. */
  String endpoints() {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  /** The number of the member that leads, as soon as one says so of itself. */
  int awaitLeader() {
    return await("a leader")
        .atMost(ServerProcess.LIMIT)
        .until(
            () -> IntStream.range(0, MEMBERS).filter(this::leads).findFirst().orElse(-1),
            leader -> leader >= 0);
  }

  private boolean leads(int member) {
    try {
      channels.get(member).resetConnectBackoff();
      StatusResponse status =
          MaintenanceGrpc.newBlockingStub(channels.get(member))
              .withDeadlineAfter(2, TimeUnit.SECONDS)
              .status(StatusRequest.getDefaultInstance());
      return status.getLeader() == status.getHeader().getMemberId();
    } catch (StatusRuntimeException _) {
      return false;
    }
  }

  ServerProcess member(int number) {
    return members.get(number);
  }

  /** All but one. */
  List<ServerProcess> membersBut(int number) {
    List<ServerProcess> others = new ArrayList<>(members);
    others.remove(number);
    return others;
  }

  /** Where one member listens. */
  String endpoint(int member) {
    return "127.0.0.1:" + ports.get(member);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    members.forEach(ServerProcess::close);
  }
}
