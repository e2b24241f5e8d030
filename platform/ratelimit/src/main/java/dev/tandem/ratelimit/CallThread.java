package dev.tandem.ratelimit;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Quarkus serves methods that do not block on Vert.x' event loops, and expects them there. */
final class CallThread {

  private CallThread() {}

  /**
   * The way back to the event loop that this thread is, with the context of the call that it works
   * on. From any other thread a call may go on anywhere.
   */
  static Executor wayBack() {
    Context context = Context.isOnEventLoopThread() ? Vertx.currentContext() : null;
    return context == null ? Runnable::run : work -> context.runOnContext(_ -> work.run());
  }
}
