package dev.tandem.telemetry;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * A span, a measurement and, where the policy wants it, a line in the log for each call that
 * arrives. What handles the call runs within the span.
 */
@GlobalInterceptor
@Singleton
public final class ServerTelemetryInterceptor implements ServerInterceptor, Prioritized {

  /** Outside of all that may refuse a call, so that refusals are seen too. */
  private static final int PRIORITY = 9000;

  /** A client's clock for a call starts before the server's: it hangs up a little early. */
  private static final long NEAR_THE_DEADLINE_MILLIS = 50;

  private final CallTelemetry telemetry;

  @Inject
  public ServerTelemetryInterceptor(CallTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    ObservedCall observed = telemetry.received(call.getMethodDescriptor(), headers).orElse(null);
    if (observed == null) {
      return next.startCall(call, headers);
    }
    Context context = GrpcContextStorage.with(observed.context());
    try {
      return new EndingListener<>(
          Contexts.interceptCall(context, new EndingCall<>(call, observed), headers, next),
          observed,
          context.getDeadline());
    } catch (RuntimeException | Error e) {
      observed.end(Status.fromThrowable(e));
      throw e;
    }
  }

  private static final class EndingCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    private final ObservedCall observed;

    private EndingCall(ServerCall<ReqT, RespT> call, ObservedCall observed) {
      super(call);
      this.observed = observed;
    }

    /** Before the status leaves: whoever has the reply finds the call in the metrics. */
    @Override
    public void close(Status status, Metadata trailers) {
      observed.end(status);
      super.close(status, trailers);
    }
  }

  private static final class EndingListener<ReqT> extends SimpleForwardingServerCallListener<ReqT> {

    private final ObservedCall observed;
    private final @Nullable Deadline deadline;

    private EndingListener(
        ServerCall.Listener<ReqT> listener, ObservedCall observed, @Nullable Deadline deadline) {
      super(listener);
      this.observed = observed;
      this.deadline = deadline;
    }

    @Override
    public void onMessage(ReqT message) {
      endIfItThrows(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      endIfItThrows(super::onHalfClose);
    }

    @Override
    public void onReady() {
      endIfItThrows(super::onReady);
    }

    /** gRPC says the same for a caller who hung up and for one whose deadline passed. */
    @Override
    public void onCancel() {
      observed.end(
          deadline != null && deadline.timeRemaining(MILLISECONDS) < NEAR_THE_DEADLINE_MILLIS
              ? Status.DEADLINE_EXCEEDED.withDescription("the caller's deadline passed")
              : Status.CANCELLED.withDescription("the caller hung up"));
      super.onCancel();
    }

    /** The service said how it ended, or gRPC ended it past the interceptors. */
    @Override
    public void onComplete() {
      observed.end(Status.UNKNOWN.withDescription("gRPC closed the call itself"));
      super.onComplete();
    }

    /** gRPC closes such a call itself, past the interceptors. */
    private void endIfItThrows(Runnable event) {
      try {
        event.run();
      } catch (RuntimeException | Error e) {
        observed.end(Status.fromThrowable(e));
        throw e;
      }
    }
  }
}
