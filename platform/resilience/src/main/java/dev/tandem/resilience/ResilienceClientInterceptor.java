package dev.tandem.resilience;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Repeats unary calls of idempotent methods, and refuses unary calls of services that are sick.
 * Streams pass untouched: what was received of one cannot be taken back.
 */
@GlobalInterceptor
@Singleton
public final class ResilienceClientInterceptor implements ClientInterceptor, Prioritized {

  /** Around everything that is to happen for each attempt, such as traces and tokens. */
  private static final int PRIORITY = 9000;

  private final Resilience resilience;

  /** Calls are guarded by what is known of the services. */
  @Inject
  public ResilienceClientInterceptor(Resilience resilience) {
    this.resilience = resilience;
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    String service = method.getServiceName();
    if (method.getType() != MethodType.UNARY || service == null) {
      return next.newCall(method, options);
    }
    Executor callbacks = Objects.requireNonNullElse(options.getExecutor(), resilience.callbacks());
    return new GuardedCall<>(
        next, method, options, resilience.target(service), resilience, callbacks);
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }
}
