package dev.tandem.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A unary call that is made of attempts. The request is kept, and sent when it is complete; the
 * caller hears nothing until an attempt's answer is final, and then exactly that answer. No thread
 * waits in between.
 */
final class GuardedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {

  private static final Logger LOG = Logger.getLogger(GuardedCall.class);

  /** gRFC A6; lets a server tell repetitions from calls. */
  static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  private final Channel channel;
  private final MethodDescriptor<ReqT, RespT> method;
  private final CallOptions options;
  private final Target target;
  private final RetryPlan plan;
  private final Resilience resilience;
  private final Executor callbacks;

  /** Attempts are made on other threads, and belong to the caller's context all the same. */
  private final Context context = Context.current();

  private final Context.CancellationListener whenContextIsCancelled = this::contextWasCancelled;

  /** The thread on which gRPC tells of an attempt's end, while it does. */
  private volatile @Nullable Thread callbackThread;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Listener<RespT> listener;

  @GuardedBy("lock")
  private Metadata headers = new Metadata();

  @GuardedBy("lock")
  private @Nullable ReqT message;

  @GuardedBy("lock")
  private RequestBuffer.@Nullable Kept kept;

  @GuardedBy("lock")
  private boolean compressed;

  @GuardedBy("lock")
  private boolean messageWasAskedFor;

  @GuardedBy("lock")
  private @Nullable Reply<RespT> held;

  @GuardedBy("lock")
  private @Nullable Attempt<ReqT, RespT> inFlight;

  @GuardedBy("lock")
  private Attributes attributes = Attributes.EMPTY;

  @GuardedBy("lock")
  private @Nullable Future<?> pause;

  @GuardedBy("lock")
  private int attempts;

  @GuardedBy("lock")
  private boolean cancelled;

  @GuardedBy("lock")
  private boolean ended;

  /**
   * A call that has not started.
   *
   * @param callbacks where the listener is called when no attempt's thread is at hand
   */
  GuardedCall(
      Channel channel,
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      Target target,
      Resilience resilience,
      Executor callbacks) {
    this.channel = channel;
    this.method = method;
    this.options = options;
    this.target = target;
    this.plan = target.plan(IdempotentMethods.contain(method));
    this.resilience = resilience;
    this.callbacks = context.fixedContextExecutor(callbacks);
  }

  @Override
  public void start(Listener<RespT> responseListener, Metadata requestHeaders) {
    lock.lock();
    try {
      listener = responseListener;
      headers = requestHeaders;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void request(int count) {
    Reply<RespT> waiting;
    lock.lock();
    try {
      messageWasAskedFor |= count > 0;
      waiting = messageWasAskedFor ? held : null;
      held = messageWasAskedFor ? null : held;
    } finally {
      lock.unlock();
    }
    if (waiting != null) {
      tell(() -> deliver(waiting));
    }
  }

  @Override
  public void sendMessage(ReqT request) {
    lock.lock();
    try {
      if (message != null) {
        throw new IllegalStateException("a unary call has one request");
      }
      message = request;
      if (plan.mayRepeat()) {
        kept = resilience.buffer().keep(method, request, target.policy().retry().messageLimit());
        if (kept == null) {
          plan.giveUp();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void halfClose() {
    target.budget().earn();
    next();
  }

  private void next() {
    target.guard().get(this::attempt).whenComplete(this::settle);
  }

  @Override
  public void cancel(@Nullable String reason, @Nullable Throwable cause) {
    Attempt<ReqT, RespT> toCancel;
    lock.lock();
    try {
      if (cancelled || ended) {
        return;
      }
      cancelled = true;
      toCancel = inFlight;
    } finally {
      lock.unlock();
    }
    if (toCancel != null) {
      // Its answer, CANCELLED, ends the call.
      toCancel.cancel(reason, cause);
      return;
    }
    Status status = Status.CANCELLED;
    status = reason == null ? status : status.withDescription(reason);
    endFromElsewhere(cause == null ? status : status.withCause(cause));
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    lock.lock();
    try {
      compressed = enabled;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Attributes getAttributes() {
    lock.lock();
    try {
      return attributes;
    } finally {
      lock.unlock();
    }
  }

  private CompletionStage<Reply<?>> attempt() {
    CompletableFuture<Reply<?>> answer = new CompletableFuture<>();
    Optional<Deadline> deadline = deadline();
    CallOptions attemptOptions = optionsWithin(deadline);
    Duration given =
        remaining(Optional.ofNullable(attemptOptions.getDeadline()).or(() -> deadline));
    Attempt<ReqT, RespT> attempt =
        new Attempt<>(newCall(attemptOptions), reply -> closed(reply, given, deadline, answer));
    Metadata attemptHeaders = new Metadata();
    ReqT request;
    boolean compress;
    lock.lock();
    try {
      ReqT complete = message;
      if (cancelled || ended || complete == null) {
        // Cancelled while it waited: nothing is sent, and nobody listens.
        return CompletableFuture.failedFuture(
            new AttemptFailure(
                Reply.of(Status.CANCELLED, new Metadata()), Verdict.NONE, Optional.empty()));
      }
      request = complete;
      attemptHeaders.merge(headers);
      if (attempts > 0) {
        attemptHeaders.put(PREVIOUS_ATTEMPTS, Integer.toString(attempts));
      }
      attempts++;
      compress = compressed;
      inFlight = attempt;
    } finally {
      lock.unlock();
    }
    Context previous = context.attach();
    try {
      attempt.send(request, attemptHeaders, compress);
    } finally {
      context.detach(previous);
    }
    return answer;
  }

  private ClientCall<ReqT, RespT> newCall(CallOptions attemptOptions) {
    Context previous = context.attach();
    try {
      return channel.newCall(method, attemptOptions);
    } finally {
      context.detach(previous);
    }
  }

  /** What an attempt was answered decides whether there is another one. */
  private void closed(
      Reply<RespT> reply,
      Duration given,
      Optional<Deadline> deadline,
      CompletableFuture<Reply<?>> answer) {
    boolean mayRepeat;
    boolean first;
    lock.lock();
    try {
      Attempt<ReqT, RespT> attempt = inFlight;
      if (attempt != null) {
        attributes = attempt.call().getAttributes();
      }
      inFlight = null;
      mayRepeat = !cancelled && !ended;
      first = attempts == 1;
    } finally {
      lock.unlock();
    }
    if (reply.status().isOk()) {
      inCallback(() -> answer.complete(reply));
      return;
    }
    Optional<Duration> delay =
        mayRepeat
            ? plan.delayAfter(reply.status(), reply.trailers(), remaining(deadline))
            : Optional.empty();
    if (delay.isPresent()) {
      target.retried();
      if (first) {
        // An attempt watches the context itself; the pauses between two do not.
        context.addListener(whenContextIsCancelled, Runnable::run);
      }
    }
    Verdict verdict = Verdict.of(reply.status(), target.hadFairTime(given));
    inCallback(() -> answer.completeExceptionally(new AttemptFailure(reply, verdict, delay)));
  }

  private void inCallback(Runnable completion) {
    callbackThread = Thread.currentThread();
    try {
      completion.run();
    } finally {
      callbackThread = null;
    }
  }

  /** What the breaker's guard says of an attempt. */
  private void settle(@Nullable Reply<?> reply, @Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (cause instanceof AttemptFailure failure) {
      if (failure.retryAfter().isEmpty() || !pause(failure.retryAfter().get())) {
        conclude(typed(failure.reply()));
      }
    } else if (cause instanceof CircuitBreakerOpenException) {
      tell(() -> end(target.refusal()));
    } else if (cause != null) {
      Status status =
          Status.INTERNAL.withDescription("the request could not be sent").withCause(cause);
      endFromElsewhere(status);
    } else if (reply != null) {
      conclude(typed(reply));
    }
  }

  /**
   * Ends the call where its listener expects to be called. An attempt that is answered before the
   * thread which started it has come to listen is settled on that thread; a blocking stub, which
   * wakes up only for what its executor is given, would wait for ever.
   */
  private void conclude(Reply<RespT> reply) {
    if (Thread.currentThread() == callbackThread) {
      end(reply);
    } else {
      tell(() -> end(reply));
    }
  }

  /** The guard is shared by all methods of a service; the reply is this call's own. */
  @SuppressWarnings("unchecked")
  private Reply<RespT> typed(Reply<?> reply) {
    return (Reply<RespT>) reply;
  }

  /** Whether there will be another attempt; not so when this process is about to end. */
  private boolean pause(Duration delay) {
    lock.lock();
    try {
      if (!ended) {
        pause = resilience.after(delay, this::next);
      }
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void contextWasCancelled(Context cancelledContext) {
    lock.lock();
    try {
      if (inFlight != null || ended) {
        return;
      }
    } finally {
      lock.unlock();
    }
    endFromElsewhere(Contexts.statusFromCancelled(cancelledContext));
  }

  private void endFromElsewhere(Status status) {
    tell(() -> end(Reply.of(status, new Metadata())));
  }

  /** Whoever waits for this call has to hear of its end, even from a thread that is not his. */
  private void tell(Runnable what) {
    try {
      callbacks.execute(what);
    } catch (RejectedExecutionException e) {
      what.run();
    }
  }

  private void end(Reply<RespT> reply) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
      message = null;
      if (kept != null) {
        kept.release();
      }
      if (pause != null) {
        pause.cancel(false);
      }
    } finally {
      lock.unlock();
    }
    context.removeListener(whenContextIsCancelled);
    deliver(reply);
  }

  private void deliver(Reply<RespT> reply) {
    Listener<RespT> to;
    lock.lock();
    try {
      if (!messageWasAskedFor && !reply.messages().isEmpty()) {
        held = reply;
        return;
      }
      to = listener;
    } finally {
      lock.unlock();
    }
    if (to == null) {
      return;
    }
    Status status = reply.status();
    try {
      if (reply.headers() != null) {
        to.onHeaders(reply.headers());
      }
      reply.messages().forEach(to::onMessage);
    } catch (RuntimeException e) {
      // As gRPC does: who cannot take a message is told that the call is over.
      status = Status.CANCELLED.withDescription("the reply could not be taken").withCause(e);
    }
    try {
      to.onClose(status, reply.trailers());
    } catch (RuntimeException e) {
      // Nobody is left to tell.
      LOG.errorf(e, "The listener of %s failed at the end of the call", method.getFullMethodName());
    }
  }

  private Optional<Deadline> deadline() {
    Deadline own = options.getDeadline();
    Deadline incoming = context.getDeadline();
    if (own != null && incoming != null) {
      return Optional.of(own.minimum(incoming));
    }
    return Optional.ofNullable(own != null ? own : incoming);
  }

  /** The last attempt has all the time that is left: nothing could follow. */
  private CallOptions optionsWithin(Optional<Deadline> deadline) {
    Optional<Duration> limit = target.policy().retry().attemptTimeout();
    if (limit.isEmpty() || !plan.mayRepeat()) {
      return options;
    }
    Deadline attemptDeadline = Deadline.after(limit.get().toNanos(), TimeUnit.NANOSECONDS);
    return options.withDeadline(deadline.map(attemptDeadline::minimum).orElse(attemptDeadline));
  }

  private static Duration remaining(Optional<Deadline> deadline) {
    return deadline
        .map(until -> Duration.ofNanos(until.timeRemaining(TimeUnit.NANOSECONDS)))
        .orElse(RetryAdvice.LONGEST);
  }
}
