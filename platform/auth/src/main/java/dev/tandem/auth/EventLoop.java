package dev.tandem.auth;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Quarkus serves methods that do not block on Vert.x' event loops. */
final class EventLoop {

  private EventLoop() {}

  /**
   * The way back to the event loop that this thread is, with the context of the call that it works
   * on; nothing on a thread that may block.
   */
  static Optional<Executor> ofThisThread() {
    return Context.isOnEventLoopThread()
        ? Optional.ofNullable(Vertx.currentContext())
            .map(context -> work -> context.runOnContext(ignored -> work.run()))
        : Optional.empty();
  }
}
