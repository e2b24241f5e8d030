package dev.tandem.transport;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call's events happen where and when they arrive: on the event loop, in the call's own copy
 * of its Vert.x context. Without it each event is queued twice and waits for the loop's next turn:
 * by Vert.x, whose executor knows no other way, and by Quarkus, which makes that copy itself when
 * it finds a call outside of one.
 */
final class CallsOnEventLoop implements ServerCallExecutorSupplier {

  /** Asked once for each call, on its connection's event loop. */
  @Override
  public <ReqT, RespT> @Nullable Executor getExecutor(
      ServerCall<ReqT, RespT> call, Metadata headers) {
    return ofThisThread();
  }

  /** For events of a call that begins here; none where there is no event loop to return to. */
  static @Nullable Executor ofThisThread() {
    Context loop = Vertx.currentContext();
    if (loop == null) {
      return null;
    }
    ContextInternal copy = (ContextInternal) VertxContext.createNewDuplicatedContext(loop);
    // At once on the loop's own thread; from any other, in its queue.
    return event -> copy.emit(_ -> event.run());
  }
}
