package dev.tandem.versioning;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Optional;

/**
 * Announces on every answer of a DEPRECATED version that it will end, and makes UNIMPLEMENTED of
 * every answer of a RETIRED one. The announcement is in the headers, and for a call that fails also
 * in the trailers, which is what clients hand out with an error.
 *
 * <p>Belongs outside of authentication, so that whoever calls a RETIRED version learns that it is
 * one; {@link ApiCallInterceptor} belongs behind it, and refuses such a call as soon as its caller
 * is known, before anything else is done for it.
 */
@GlobalInterceptor
@Singleton
public final class VersioningInterceptor implements ServerInterceptor, Prioritized {

  private static final int BEFORE_AUTHENTICATION = 7000;

  private final LifecycleSource lifecycle;
  private final ApiCallMeter meter;

  @Inject
  public VersioningInterceptor(LifecycleSource lifecycle, ApiCallMeter meter) {
    this.lifecycle = lifecycle;
    this.meter = meter;
  }

  @Override
  public int getPriority() {
    return BEFORE_AUTHENTICATION;
  }

  /**
   * Stops the application without a lifecycle: a gRPC server that fails to start is only logged.
   */
  void require(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {}

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    String packageName = MethodNames.packageOf(method);
    Optional<ApiState> state = lifecycle.current().stateOf(packageName);
    if (state.isEmpty()) {
      return next.startCall(call, headers);
    }
    return switch (state.get()) {
      case ApiState.Active() -> next.startCall(call, headers);
      case ApiState.Sunsetting(Announcement announcement) ->
          next.startCall(new AnnouncingCall<>(call, announcement), headers);
      case ApiState.Retired retired -> {
        var refused = new RetiredCall<>(call, packageName, retired, meter);
        yield Contexts.interceptCall(refused.into(Context.current()), refused, headers, next);
      }
    };
  }

  private static final class AnnouncingCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    private final Announcement announcement;

    AnnouncingCall(ServerCall<ReqT, RespT> call, Announcement announcement) {
      super(call);
      this.announcement = announcement;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      announcement.putInto(headers, getMethodDescriptor().getFullMethodName());
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!status.isOk()) {
        announcement.putInto(trailers, getMethodDescriptor().getFullMethodName());
      }
      super.close(status, trailers);
    }
  }
}
