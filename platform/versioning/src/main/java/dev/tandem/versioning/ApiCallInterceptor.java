package dev.tandem.versioning;

import dev.tandem.identity.Caller;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Counts calls of published versions by their callers, who are known only behind authentication:
 * whose calls have to move before a version can be retired, and who has not moved although it was.
 * Calls of a RETIRED version, which {@link VersioningInterceptor} recognises, end here.
 */
@GlobalInterceptor
@Singleton
public final class ApiCallInterceptor implements ServerInterceptor, Prioritized {

  private static final int AFTER_AUTHENTICATION_BEFORE_LIMITS = 5500;

  private final LifecycleSource lifecycle;
  private final ApiCallMeter meter;

  @Inject
  public ApiCallInterceptor(LifecycleSource lifecycle, ApiCallMeter meter) {
    this.lifecycle = lifecycle;
    this.meter = meter;
  }

  @Override
  public int getPriority() {
    return AFTER_AUTHENTICATION_BEFORE_LIMITS;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    RetiredCall<?, ?> retired = RetiredCall.current();
    if (retired != null) {
      retired.refuse(Caller.current());
      return new ServerCall.Listener<>() {};
    }
    String packageName = MethodNames.packageOf(call.getMethodDescriptor().getFullMethodName());
    lifecycle
        .current()
        .stateOf(packageName)
        .ifPresent(state -> meter.called(packageName, state, Caller.current()));
    return next.startCall(call, headers);
  }
}
