package dev.tandem.ratelimit;

import io.github.bucket4j.TimeMeter;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Refuses calls beyond their caller's limit with RESOURCE_EXHAUSTED and {@code
 * google.rpc.RetryInfo}. A stream is one call. Belongs behind the interceptor that verifies
 * callers, before those that cost something.
 */
@GlobalInterceptor
@Singleton
public final class RateLimitInterceptor implements ServerInterceptor, Prioritized {

  private static final Logger LOG = Logger.getLogger(RateLimitInterceptor.class);

  private static final int AFTER_AUTHENTICATION = 5000;

  private final boolean enabled;
  private final RateLimitPolicy policy;
  private final CallerIdentification identification;
  private final RateLimiter limiter;
  private final RateLimitMeter meter;
  private final @Nullable SharedBuckets shared;

  /**
   * The limiter of a Quarkus application, as its settings say.
   *
   * @throws IllegalArgumentException when the settings are wrong, naming key, value and fix
   */
  @Inject
  public RateLimitInterceptor(RateLimitSettings settings, Instance<DataSource> databases) {
    this(
        settings.enabled(),
        RateLimitPolicy.from(settings),
        new MonotonicTime(),
        micrometer(),
        SharedStores.open(settings.store(), databases));
  }

  /** Nothing is counted in a service that does not have Micrometer. */
  private static RateLimitMeter micrometer() {
    try {
      return MicrometerRateLimitMeter.global();
    } catch (NoClassDefFoundError _) {
      return RateLimitMeter.NONE;
    }
  }

  /** A limiter that counts for this server alone. */
  public RateLimitInterceptor(RateLimitPolicy policy, RateLimitMeter meter) {
    this(true, policy, new MonotonicTime(), meter, null);
  }

  RateLimitInterceptor(
      boolean enabled,
      RateLimitPolicy policy,
      TimeMeter time,
      RateLimitMeter meter,
      @Nullable SharedBuckets shared) {
    this.enabled = enabled;
    this.policy = policy;
    this.identification = policy.identification();
    this.limiter = new RateLimiter(policy, time, meter);
    this.meter = meter;
    this.shared = shared;
  }

  @Override
  public int getPriority() {
    return AFTER_AUTHENTICATION;
  }

  /** Stops the application when the settings are wrong: a gRPC server that fails is only logged. */
  void require(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {}

  @PreDestroy
  void stop() {
    if (shared != null) {
      shared.close();
    }
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String service = call.getMethodDescriptor().getServiceName();
    if (!enabled || (service != null && policy.exempts(service))) {
      return next.startCall(call, headers);
    }
    String method = call.getMethodDescriptor().getFullMethodName();
    CountedCaller caller = identification.identify(call.getAttributes(), headers);
    return switch (limiter.admit(caller, method)) {
      case Decision.Refused refused -> refuse(call, caller, refused);
      case Decision.Admitted _ when shared == null -> next.startCall(call, headers);
      case Decision.Admitted _ -> askTheStore(shared, caller, call, headers, next);
    };
  }

  private <ReqT> ServerCall.Listener<ReqT> refuse(
      ServerCall<ReqT, ?> call, CountedCaller caller, Decision.Refused refused) {
    meter.refused(
        call.getMethodDescriptor().getFullMethodName(), caller instanceof CountedCaller.Verified);
    return Refusal.send(call, refused);
  }

  /**
   * Only for calls that this replica admits, so that a flood ends here and not in the store; on a
   * thread that may wait, because this one is gRPC's.
   */
  private <ReqT, RespT> ServerCall.Listener<ReqT> askTheStore(
      SharedBuckets store,
      CountedCaller caller,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    PendingCall<ReqT> pending = new PendingCall<>();
    Executor wayBack = CallThread.wayBack();
    Context context = Context.current();
    Runnable asking =
        () -> {
          Decision decision = decisionOf(store, caller, call);
          wayBack.execute(
              context.wrap(() -> pending.becomes(goOn(decision, caller, call, headers, next))));
        };
    Thread.ofVirtual().name("ratelimit").start(asking);
    return pending;
  }

  private <ReqT, RespT> ServerCall.Listener<ReqT> goOn(
      Decision decision,
      CountedCaller caller,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    try {
      return switch (decision) {
        case Decision.Refused refused -> refuse(call, caller, refused);
        case Decision.Admitted _ -> next.startCall(call, headers);
      };
    } catch (RuntimeException e) {
      // gRPC would see it and end the call, but is no longer on the stack.
      LOG.error("A call that was admitted could not be started", e);
      call.close(Status.UNKNOWN, new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

  private Decision decisionOf(SharedBuckets store, CountedCaller caller, ServerCall<?, ?> call) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Optional<Decision> decision = Optional.empty();
    Optional<Limit> methodLimit = policy.limitOf(caller, method);
    if (methodLimit.isPresent()) {
      decision = store.take(RateLimiter.methodKey(caller, method), methodLimit.get());
    }
    if (decision.isEmpty() || decision.get() instanceof Decision.Admitted) {
      decision = store.take(caller.key(), policy.limitOf(caller));
    }
    if (decision.isEmpty()) {
      meter.fellBack();
    }
    return decision.orElseGet(Decision.Admitted::new);
  }
}
