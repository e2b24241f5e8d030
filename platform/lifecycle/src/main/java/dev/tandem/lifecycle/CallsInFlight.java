package dev.tandem.lifecycle;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.InternalServer;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Knows the calls that have begun and not ended, and can end them from outside. It also finds out
 * the server that they run on, which grpc-java puts into every call's {@link Context}: frameworks
 * such as Quarkus keep the server to themselves.
 */
@GlobalInterceptor
@Singleton
public final class CallsInFlight implements ServerInterceptor, Prioritized {

  /** Inside of telemetry, which sees a call that is cut off, and around everything else. */
  private static final int PRIORITY = 8000;

  private final Set<TrackedCall<?, ?>> calls = ConcurrentHashMap.newKeySet();
  private final Set<Server> servers = ConcurrentHashMap.newKeySet();

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    Server server = InternalServer.SERVER_CONTEXT_KEY.get();
    if (server != null) {
      servers.add(server);
    }
    TrackedCall<ReqT, RespT> tracked = new TrackedCall<>(call);
    calls.add(tracked);
    try {
      return new TrackedListener<>(next.startCall(tracked, headers), tracked);
    } catch (Throwable e) {
      calls.remove(tracked);
      throw e;
    }
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  /** How many calls are in flight. */
  public int count() {
    return calls.size();
  }

  /** The servers that have had a call so far. */
  Set<Server> servers() {
    return Set.copyOf(servers);
  }

  /**
   * Ends calls with a status, whatever they are doing. What their services still send is dropped.
   *
   * @param which the full name of a call's method, such as {@code grpc.health.v1.Health/Watch}
   * @return how many were ended
   */
  int end(Predicate<String> which, Status status) {
    int ended = 0;
    for (TrackedCall<?, ?> call : calls) {
      if (which.test(call.getMethodDescriptor().getFullMethodName()) && call.end(status)) {
        ended++;
      }
    }
    return ended;
  }

  /**
   * Locked on itself: a call is closed from outside while its service may be sending. It leaves the
   * set before its status is sent, so that a caller that has its answer is never still counted.
   */
  private final class TrackedCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

    private boolean closed;
    private boolean endedFromOutside;

    private TrackedCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    private synchronized boolean end(Status status) {
      if (closed) {
        return false;
      }
      closed = true;
      endedFromOutside = true;
      calls.remove(this);
      super.close(status, new Metadata());
      return true;
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!endedFromOutside) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(RespT message) {
      if (!endedFromOutside) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!endedFromOutside) {
        closed = true;
        calls.remove(this);
        super.close(status, trailers);
      }
    }
  }

  /** A call whose caller goes away ends without being closed. */
  private final class TrackedListener<ReqT> extends SimpleForwardingServerCallListener<ReqT> {

    private final TrackedCall<?, ?> call;

    private TrackedListener(ServerCall.Listener<ReqT> listener, TrackedCall<?, ?> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        calls.remove(call);
      }
    }
  }
}
