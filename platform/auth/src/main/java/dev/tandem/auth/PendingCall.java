package dev.tandem.auth;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for keys on an event loop, which must not block: its events are kept until it
 * goes on. Without a lock, because a call's events and its going on happen on the same loop. There
 * are few of them: no message arrives before somebody asks for one.
 */
final class PendingCall<T> extends ServerCall.Listener<T> {

  private final ServerCall<T, ?> call;
  private final Queue<Consumer<ServerCall.Listener<T>>> events = new ArrayDeque<>();
  private ServerCall.@Nullable Listener<T> listener;
  private boolean cancelled;

  PendingCall(ServerCall<T, ?> call) {
    this.call = call;
  }

  /** Starts the call after all, unless it was cancelled meanwhile. */
  void goOn(Supplier<ServerCall.Listener<T>> start) {
    if (cancelled) {
      return;
    }
    ServerCall.Listener<T> started;
    try {
      started = start.get();
    } catch (RuntimeException e) {
      // gRPC would see it and end the call, but is no longer on the stack.
      call.close(Status.UNKNOWN, new Metadata());
      throw e;
    }
    listener = started;
    events.forEach(event -> event.accept(started));
    events.clear();
  }

  private void happen(Consumer<ServerCall.Listener<T>> event) {
    if (listener == null) {
      events.add(event);
    } else {
      event.accept(listener);
    }
  }

  @Override
  public void onMessage(T message) {
    happen(waiting -> waiting.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    happen(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    cancelled = listener == null;
    happen(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    happen(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    happen(ServerCall.Listener::onReady);
  }
}
