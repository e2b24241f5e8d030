package dev.tandem.registry;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real etcd with one member. */
final class EtcdServer extends RegistryServer {

  private final ManagedChannel channel;

  private EtcdServer(Address address, ServerProcess process) {
    super(address, process);
    channel = NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
  }

  /** Returns when it answers. */
  static EtcdServer start() throws IOException {
    Address address = new Address("127.0.0.1", ServerProcess.freePort());
    Path folder = ServerProcess.newFolder("etcd");
    String clients = "http://" + address;
    String peers = "http://127.0.0.1:" + ServerProcess.freePort();
    ServerProcess process =
        new ServerProcess(
            folder,
            "etcd",
            List.of(
                "--name=one",
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=one=" + peers,
                // Only the machine's end could lose what is not synced, not the process's.
                "--unsafe-no-fsync",
                "--log-level=warn"));
    EtcdServer server = new EtcdServer(address, process);
    server.awaitReady();
    return server;
  }

  @Override
  boolean answers() {
    channel.resetConnectBackoff();
    return kv().range(rangeOf("/")).getHeader().getRevision() > 0;
  }

  private static RangeRequest rangeOf(String key) {
    return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(ServerProcess.LIMIT);
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  ServiceRegistry open(Map<String, String> settings, RegistryMeter meter) {
    return new EtcdServiceRegistry(TestSettings.of(settings), meter);
  }

  @Override
  void put(String key, byte[] value) {
    var _ =
        kv().put(
                PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("/services/" + key))
                    .setValue(ByteString.copyFrom(value))
                    .build());
  }

  @Override
  void delete(String key) {
    var _ =
        kv().deleteRange(
                DeleteRangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("/services/" + key))
                    .build());
  }

  @Override
  void endLeases() throws Exception {
    Etcdctl operator = new Etcdctl("--endpoints=" + address(), "--command-timeout=1m");
    for (String line : operator.run("lease", "list").lines().skip(1).toList()) {
      var _ = operator.run("lease", "revoke", line);
    }
  }

  /** Forgets all changes before now. */
  void compact() {
    long revision = kv().range(rangeOf("/")).getHeader().getRevision();
    var _ =
        kv().compact(
                CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    super.close();
  }
}
