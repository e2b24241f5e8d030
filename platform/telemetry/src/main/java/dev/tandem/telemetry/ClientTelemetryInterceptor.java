package dev.tandem.telemetry;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * A span and a measurement for each call that is made, and for each further try of it. The server
 * learns the trace and the caller's cluster.
 */
@GlobalInterceptor
@Singleton
public final class ClientTelemetryInterceptor implements ClientInterceptor, Prioritized {

  /** Inside of retries: each try is a call of its own. */
  private static final int PRIORITY = 8000;

  private final CallTelemetry telemetry;

  @Inject
  public ClientTelemetryInterceptor(CallTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<RespT> listener, Metadata headers) {
        ObservedCall observed = telemetry.made(method, next.authority(), headers).orElse(null);
        if (observed == null) {
          super.start(listener, headers);
          return;
        }
        try {
          super.start(new EndingListener<>(listener, observed), headers);
        } catch (RuntimeException | Error e) {
          observed.end(Status.fromThrowable(e));
          throw e;
        }
      }
    };
  }

  private static final class EndingListener<RespT>
      extends SimpleForwardingClientCallListener<RespT> {

    private final ObservedCall observed;

    private EndingListener(ClientCall.Listener<RespT> listener, ObservedCall observed) {
      super(listener);
      this.observed = observed;
    }

    @Override
    public void onHeaders(Metadata headers) {
      observed.answeredBy(headers);
      super.onHeaders(headers);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      observed.answeredBy(trailers);
      observed.end(status);
      super.onClose(status, trailers);
    }
  }
}
