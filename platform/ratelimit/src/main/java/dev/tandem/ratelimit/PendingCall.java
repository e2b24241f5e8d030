package dev.tandem.ratelimit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that was not let in yet. Keeps what gRPC says about it, and says it again, in order and by
 * one thread at a time, to the listener that is found at last.
 */
final class PendingCall<ReqT> extends ServerCall.Listener<ReqT> {

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Queue<Consumer<ServerCall.Listener<ReqT>>> events = new ArrayDeque<>();

  /** Set once all earlier events were passed on. */
  private volatile ServerCall.@Nullable Listener<ReqT> listener;

  /** Passes everything on to this listener, from now on without keeping it. */
  void becomes(ServerCall.Listener<ReqT> found) {
    while (true) {
      Consumer<ServerCall.Listener<ReqT>> event;
      lock.lock();
      try {
        event = events.poll();
        if (event == null) {
          listener = found;
          return;
        }
      } finally {
        lock.unlock();
      }
      event.accept(found);
    }
  }

  @Override
  public void onMessage(ReqT message) {
    pass(target -> target.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    pass(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    pass(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    pass(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    pass(ServerCall.Listener::onReady);
  }

  private void pass(Consumer<ServerCall.Listener<ReqT>> event) {
    ServerCall.Listener<ReqT> target = listener;
    if (target == null) {
      lock.lock();
      try {
        target = listener;
        if (target == null) {
          events.add(event);
          return;
        }
      } finally {
        lock.unlock();
      }
    }
    event.accept(target);
  }
}
