package dev.tandem.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KVGrpc.KVBlockingStub;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A real etcd with one member, as it comes: every change is on disk before it is answered. */
final class Etcd implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ANSWER_SECONDS = 60;

  /** etcd's limit of operations in one transaction (its --max-txn-ops). */
  private static final int AT_ONCE = 100;

  private final Process process;
  private final String address;
  private final ManagedChannel channel;

  private Etcd(Process process, String address) {
    this.process = process;
    this.address = address;
    this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
  }

  /**
   * Returns when it answers.
   *
   * @param binary the program
   * @param folder for its data and its log; new
   */
  static Etcd start(Path binary, Path folder, Processes processes)
      throws IOException, InterruptedException {
    String address = "127.0.0.1:" + Launcher.freePort();
    String peers = "http://127.0.0.1:" + Launcher.freePort();
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    Process process =
        processes.start(
            new ProcessBuilder(
                    binary.toString(),
                    "--name=one",
                    "--data-dir=" + folder,
                    "--listen-client-urls=http://" + address,
                    "--advertise-client-urls=http://" + address,
                    "--listen-peer-urls=" + peers,
                    "--initial-advertise-peer-urls=" + peers,
                    "--initial-cluster=one=" + peers,
                    "--log-level=warn")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
    Etcd etcd = new Etcd(process, address);
    etcd.awaitAnswer(log);
    return etcd;
  }

  private void awaitAnswer(Path log) throws IOException, InterruptedException {
    long started = System.nanoTime();
    while (true) {
      try {
        var _ =
            KVGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(1, TimeUnit.SECONDS)
                .range(RangeRequest.newBuilder().setKey(bytes("/")).build());
        return;
      } catch (StatusRuntimeException e) {
        if (!process.isAlive() || System.nanoTime() - started > PATIENCE.toNanos()) {
          throw new IOException("etcd does not answer: its output is in " + log, e);
        }
        channel.resetConnectBackoff();
      }
    }
  }

  /** Where it listens: host and port. */
  String address() {
    return address;
  }

  /** A connection for somebody else than the one who writes. */
  ManagedChannel connect() {
    return NettyChannelBuilder.forTarget(address).usePlaintext().build();
  }

  /** Returns when the value is stored. */
  void put(String key, String value) {
    var _ = kv().put(putOf(key, value));
  }

  /** Returns when the value is on its way. */
  Future<PutResponse> begin(String key, String value) {
    return KVGrpc.newFutureStub(channel)
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
        .put(putOf(key, value));
  }

  /** As many transactions as etcd wants for so many keys. */
  void putAll(List<Map.Entry<String, String>> pairs) {
    for (int from = 0; from < pairs.size(); from += AT_ONCE) {
      TxnRequest.Builder transaction = TxnRequest.newBuilder();
      for (var pair : pairs.subList(from, Math.min(from + AT_ONCE, pairs.size()))) {
        transaction.addSuccess(
            RequestOp.newBuilder().setRequestPut(putOf(pair.getKey(), pair.getValue())));
      }
      var _ = kv().txn(transaction.build());
    }
  }

  private KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private static PutRequest putOf(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
  }

  static ByteString bytes(String text) {
    return ByteString.copyFrom(text, UTF_8);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    process.destroyForcibly();
  }
}
