package dev.tandem.resilience;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives a unary call that arrives without a deadline the default one: the calls that it makes are
 * then bounded, and when the time is over the caller is answered DEADLINE_EXCEEDED. A call with a
 * deadline passes untouched, since gRPC keeps it; so does a stream.
 */
@GlobalInterceptor
@Singleton
public final class DeadlineServerInterceptor implements ServerInterceptor, Prioritized {

  private static final int PRIORITY = 4000;

  private final Duration deadline;
  private final ScheduledThreadPoolExecutor timer = timer();

  /** Calls without a deadline get this one. */
  public DeadlineServerInterceptor(Duration deadline) {
    Setting.isDuration("deadline.unary", deadline, "5s");
    this.deadline = deadline;
  }

  @Inject
  DeadlineServerInterceptor(Resilience resilience) {
    this(resilience.policies().standard().deadline());
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("default-deadline").factory());
    // Nearly all calls end long before: they must not be remembered until their time is over.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    Context arrived = Context.current();
    if (arrived.getDeadline() != null || call.getMethodDescriptor().getType() != MethodType.UNARY) {
      return next.startCall(call, headers);
    }
    CancellableContext bounded =
        arrived.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS, timer);
    BoundedServerCall<ReqT, RespT> boundedCall = new BoundedServerCall<>(call);
    bounded.addListener(
        context -> {
          if (context.cancellationCause() instanceof TimeoutException) {
            boundedCall.timeIsOver(deadline);
          }
        },
        Runnable::run);
    try {
      return new Ending<>(Contexts.interceptCall(bounded, boundedCall, headers, next), bounded);
    } catch (RuntimeException e) {
      bounded.cancel(e);
      throw e;
    }
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  @PreDestroy
  void stop() {
    timer.shutdownNow();
  }

  /** Ends the context with the call, so that the timer forgets it. */
  private static final class Ending<T> extends SimpleForwardingServerCallListener<T> {

    private final CancellableContext context;

    private Ending(ServerCall.Listener<T> listener, CancellableContext context) {
      super(listener);
      this.context = context;
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        context.cancel(null);
      }
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        context.cancel(null);
      }
    }
  }
}
