package dev.tandem.resilience;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds every outgoing call: by its own deadline, by that of the call on whose behalf it is made
 * less the reserve for the way back, and, a unary call that has neither, by the default. A stream
 * may live as long as the call that it is made for.
 */
@GlobalInterceptor
@Singleton
public final class DeadlineClientInterceptor implements ClientInterceptor, Prioritized {

  /** Around the attempts: they share one deadline. */
  private static final int PRIORITY = 9100;

  private final Policies policies;

  /** Calls are bounded as the policies say. */
  public DeadlineClientInterceptor(Policies policies) {
    this.policies = policies;
  }

  @Inject
  DeadlineClientInterceptor(Resilience resilience) {
    this(resilience.policies());
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    Deadline deadline = earlier(ownDeadline(method, options), incomingDeadline());
    return next.newCall(method, deadline == null ? options : options.withDeadline(deadline));
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  private @Nullable Deadline ownDeadline(MethodDescriptor<?, ?> method, CallOptions options) {
    if (options.getDeadline() != null || method.getType() != MethodType.UNARY) {
      return options.getDeadline();
    }
    String service = method.getServiceName();
    TargetPolicy policy = service == null ? policies.standard() : policies.of(service);
    return Deadline.after(policy.deadline().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** gRPC bounds a call by its context, too, but leaves no time for the way back. */
  private @Nullable Deadline incomingDeadline() {
    Deadline incoming = Context.current().getDeadline();
    return incoming == null
        ? null
        : incoming.offset(-policies.reserve().toNanos(), TimeUnit.NANOSECONDS);
  }

  private static @Nullable Deadline earlier(@Nullable Deadline one, @Nullable Deadline other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.minimum(other);
  }
}
