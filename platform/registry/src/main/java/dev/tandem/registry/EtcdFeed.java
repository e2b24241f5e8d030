package dev.tandem.registry;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.protobuf.ByteString;
import dev.tandem.registry.Routes.Route;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keys of etcd's: a list, and a watch that begins with the revision after it. A quiet watch is
 * asked for its progress, because a connection into nowhere is as quiet.
 *
 * @see <a href="https://etcd.io/docs/v3.6/learning/api_guarantees/#watch-apis">what etcd says of
 *     watches</a>
 */
final class EtcdFeed implements KeyServer.Feed {

  private static final WatchRequest ASK_FOR_PROGRESS =
      WatchRequest.newBuilder()
          .setProgressRequest(WatchProgressRequest.getDefaultInstance())
          .build();

  private final EtcdConnection connection;
  private final Route<ManagedChannel> route;
  private final ByteString folder;
  private final Timing timing;
  private final Map<String, Listing.Value> values = new HashMap<>();
  private @Nullable BlockingClientCall<WatchRequest, WatchResponse> stream;
  private boolean listed;
  private long revision;

  EtcdFeed(EtcdConnection connection, String folder, Timing timing) throws ServerFailure {
    this.connection = connection;
    this.route = connection.route();
    this.folder = ByteString.copyFromUtf8(folder);
    this.timing = timing;
  }

  @Override
  public Listing next() throws ServerFailure, InterruptedException {
    try {
      if (!listed) {
        list();
        listed = true;
      } else {
        if (stream == null) {
          stream = watch();
        }
        hear(stream);
      }
      return new Listing(revision, values);
    } catch (StatusRuntimeException e) {
      throw connection.failure(route, e);
    } catch (StatusException e) {
      throw connection.failure(route, e);
    }
  }

  private void list() {
    RangeResponse list =
        KVGrpc.newBlockingStub(route.client())
            .withDeadlineAfter(timing.timeout())
            .range(RangeRequest.newBuilder().setKey(folder).setRangeEnd(endOf(folder)).build());
    list.getKvsList().forEach(this::put);
    revision = list.getHeader().getRevision();
  }

  private BlockingClientCall<WatchRequest, WatchResponse> watch()
      throws ServerFailure, InterruptedException, StatusException {
    BlockingClientCall<WatchRequest, WatchResponse> watch =
        WatchGrpc.newBlockingV2Stub(EtcdConnection.withLeader(route)).watch();
    say(
        watch,
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(folder)
                    .setRangeEnd(endOf(folder))
                    .setStartRevision(revision + 1))
            .build());
    return watch;
  }

  /** Returns when the watch has said something that proves it alive. */
  private void hear(BlockingClientCall<WatchRequest, WatchResponse> watch)
      throws ServerFailure, InterruptedException, StatusException {
    WatchResponse response;
    do {
      response = read(watch);
      if (response.getCanceled()) {
        throw cancelled(response);
      }
    } while (response.getCreated());
    if (response.getHeader().getRevision() < revision) {
      throw new ServerFailure.Unreachable(
          "etcd at %s has lost its data or was replaced: revision %d after %d"
              .formatted(route.address(), response.getHeader().getRevision(), revision));
    }
    response.getEventsList().forEach(this::apply);
    revision = response.getHeader().getRevision();
  }

  private WatchResponse read(BlockingClientCall<WatchRequest, WatchResponse> watch)
      throws ServerFailure, InterruptedException, StatusException {
    try {
      return require(watch.read(timing.heartbeat().toNanos(), NANOSECONDS));
    } catch (TimeoutException _) {
      say(watch, ASK_FOR_PROGRESS);
      return readWithin(watch, timing.timeout());
    }
  }

  private WatchResponse readWithin(
      BlockingClientCall<WatchRequest, WatchResponse> watch, Duration limit)
      throws ServerFailure, InterruptedException, StatusException {
    try {
      return require(watch.read(limit.toNanos(), NANOSECONDS));
    } catch (TimeoutException e) {
      throw silent(e);
    }
  }

  private void say(BlockingClientCall<WatchRequest, WatchResponse> watch, WatchRequest request)
      throws ServerFailure, InterruptedException, StatusException {
    try {
      watch.write(request, timing.timeout().toNanos(), NANOSECONDS);
    } catch (TimeoutException e) {
      throw silent(e);
    }
  }

  private ServerFailure silent(TimeoutException cause) {
    connection.leave(route);
    return new ServerFailure.Unreachable(
        "etcd at %s has not answered a watch within %s"
            .formatted(route.address(), timing.timeout()),
        cause);
  }

  private WatchResponse require(@Nullable WatchResponse response) throws ServerFailure {
    if (response == null) {
      connection.leave(route);
      throw new ServerFailure.Unreachable("etcd at %s ended a watch".formatted(route.address()));
    }
    return response;
  }

  private ServerFailure cancelled(WatchResponse response) {
    if (response.getCompactRevision() != 0) {
      return new ServerFailure.Unreachable(
          "etcd at %s has forgotten changes before revision %d, of which %d was seen: listing anew"
              .formatted(route.address(), response.getCompactRevision(), revision));
    }
    return new ServerFailure.Refused(
        "etcd at %s ended a watch: %s".formatted(route.address(), response.getCancelReason()));
  }

  private void apply(Event event) {
    switch (event.getType()) {
      case PUT -> put(event.getKv());
      case DELETE -> values.remove(nameOf(event.getKv()));
      case UNRECOGNIZED -> throw new IllegalStateException("etcd has events of another kind");
    }
  }

  private void put(KeyValue pair) {
    values.put(nameOf(pair), new Listing.Value(pair.getModRevision(), pair.getValue()));
  }

  private String nameOf(KeyValue pair) {
    return pair.getKey().substring(folder.size()).toStringUtf8();
  }

  /** The first key after all that begin like this: a folder ends with a slash. */
  private static ByteString endOf(ByteString folder) {
    int last = folder.size() - 1;
    byte next = (byte) (folder.byteAt(last) + 1);
    return folder.substring(0, last).concat(ByteString.copyFrom(new byte[] {next}));
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.cancel("closed", null);
    }
  }
}
