package dev.tandem.registry;

import com.google.protobuf.ByteString;
import dev.tandem.registry.Routes.Route;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;

/**
 * etcd, by its own protocol.
 *
 * @see <a href="https://etcd.io/docs/v3.6/learning/api/">etcd's API</a>
 */
final class EtcdKeyServer implements KeyServer {

  private final EtcdConnection connection;
  private final Prefix prefix;
  private final Timing timing;

  EtcdKeyServer(EtcdConnection connection, Prefix prefix, Timing timing) {
    this.connection = connection;
    this.prefix = prefix;
    this.timing = timing;
  }

  @Override
  public Lease grant() throws ServerFailure, InterruptedException {
    LeaseGrantRequest request =
        LeaseGrantRequest.newBuilder().setTTL(timing.lease().toSeconds()).build();
    LeaseGrantResponse granted =
        ask(
            route ->
                LeaseGrpc.newBlockingStub(route.client())
                    .withDeadlineAfter(timing.timeout())
                    .leaseGrant(request));
    return new Lease(
        Long.toHexString(granted.getID()), Timing.renewalOf(Duration.ofSeconds(granted.getTTL())));
  }

  /** etcd answers for a lease that it does not have with a time to live of zero. */
  @Override
  public void renew(Lease lease) throws ServerFailure, InterruptedException {
    Route<ManagedChannel> route = connection.route();
    BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream =
        LeaseGrpc.newBlockingV2Stub(EtcdConnection.withLeader(route))
            .withDeadlineAfter(timing.timeout())
            .leaseKeepAlive();
    try {
      stream.write(LeaseKeepAliveRequest.newBuilder().setID(idOf(lease)).build());
      LeaseKeepAliveResponse answer = stream.read();
      if (answer == null || answer.getTTL() <= 0) {
        throw new ServerFailure.LeaseLost(
            "etcd at %s does not have lease %s any more".formatted(route.address(), lease.id()));
      }
    } catch (StatusException e) {
      throw connection.failure(route, e);
    } finally {
      stream.cancel("renewed", null);
    }
  }

  @Override
  public void revoke(Lease lease) throws ServerFailure, InterruptedException {
    try {
      ask(
          route ->
              LeaseGrpc.newBlockingStub(route.client())
                  .withDeadlineAfter(timing.timeout())
                  .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(idOf(lease)).build()));
    } catch (ServerFailure.LeaseLost _) {
      // As wished.
    }
  }

  /** If nobody has the key, put; else if this lease has it, put; else say who has. */
  @Override
  public Claim claim(Lease lease, String key, String value)
      throws ServerFailure, InterruptedException {
    ByteString name = nameOf(key);
    RequestOp put =
        RequestOp.newBuilder()
            .setRequestPut(
                PutRequest.newBuilder()
                    .setKey(name)
                    .setValue(ByteString.copyFromUtf8(value))
                    .setLease(idOf(lease)))
            .build();
    TxnResponse answer = transact(isFree(name), put, read(name));
    if (answer.getSucceeded()) {
      return new Claim.Held();
    }
    KeyValue holder = answer.getResponses(0).getResponseRange().getKvs(0);
    if (holder.getLease() != idOf(lease)) {
      return new Claim.Taken(holder.getValue().toStringUtf8());
    }
    if (!transact(isUnchanged(holder), put, read(name)).getSucceeded()) {
      throw new ServerFailure.Unreachable(key + " was changed at the same moment");
    }
    return new Claim.Held();
  }

  private TxnResponse transact(Compare condition, RequestOp then, RequestOp otherwise)
      throws ServerFailure, InterruptedException {
    TxnRequest request =
        TxnRequest.newBuilder()
            .addCompare(condition)
            .addSuccess(then)
            .addFailure(otherwise)
            .build();
    return ask(
        route ->
            KVGrpc.newBlockingStub(route.client())
                .withDeadlineAfter(timing.timeout())
                .txn(request));
  }

  private static Compare isFree(ByteString name) {
    return Compare.newBuilder()
        .setKey(name)
        .setTarget(Compare.CompareTarget.CREATE)
        .setResult(Compare.CompareResult.EQUAL)
        .setCreateRevision(0)
        .build();
  }

  private static Compare isUnchanged(KeyValue pair) {
    return Compare.newBuilder()
        .setKey(pair.getKey())
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(pair.getModRevision())
        .build();
  }

  private static RequestOp read(ByteString name) {
    return RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(name)).build();
  }

  @Override
  public Feed follow(String folder) throws ServerFailure, InterruptedException {
    return new EtcdFeed(connection, prefix.folder(folder), timing);
  }

  private ByteString nameOf(String key) {
    return ByteString.copyFromUtf8(prefix.key(key));
  }

  private static long idOf(Lease lease) {
    return Long.parseUnsignedLong(lease.id(), 16);
  }

  private <T> T ask(Question<T> question) throws ServerFailure, InterruptedException {
    Route<ManagedChannel> route = connection.route();
    try {
      return question.ask(route);
    } catch (StatusRuntimeException e) {
      throw connection.failure(route, e);
    }
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(Route<ManagedChannel> route);
  }

  @Override
  public void close() {
    connection.close();
  }
}
