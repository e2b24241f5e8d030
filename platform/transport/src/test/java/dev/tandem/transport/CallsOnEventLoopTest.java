package dev.tandem.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallsOnEventLoopTest {

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();

  @AfterEach
  void closeVertx() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
  }

  @Test
  void anEventHappensBeforeTheLoopGoesOn() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();

    onLoop(
        () -> {
          Executor events = eventsOfACall();
          events.execute(() -> order.add("event"));
          return order.add("after it");
        });

    assertThat(order).containsExactly("event", "after it");
  }

  @Test
  void allEventsOfACallAreInOneContextOfItsOwn() throws Exception {
    List<Context> contexts = new CopyOnWriteArrayList<>();

    onLoop(
        () -> {
          Executor events = eventsOfACall();
          events.execute(() -> contexts.add(Vertx.currentContext()));
          events.execute(() -> contexts.add(Vertx.currentContext()));
          eventsOfACall().execute(() -> contexts.add(Vertx.currentContext()));
          return contexts.add(Vertx.currentContext());
        });

    assertThat(contexts.get(0)).isSameAs(contexts.get(1)).isNotSameAs(contexts.get(2));
    assertThat(contexts.subList(0, 3)).allMatch(VertxContext::isDuplicatedContext);
    assertThat(contexts.get(3)).as("the loop's context afterwards").isSameAs(loop);
  }

  @Test
  void anEventFromAnotherThreadHappensOnTheCallsLoop() throws Exception {
    Executor events = onLoop(CallsOnEventLoopTest::eventsOfACall);
    Thread loopThread = onLoop(Thread::currentThread);
    CompletableFuture<Thread> thread = new CompletableFuture<>();

    events.execute(() -> thread.complete(Thread.currentThread()));

    assertThat(thread.get(10, SECONDS)).isSameAs(loopThread);
  }

  /** What is thrown goes to the context's handler; gRPC catches it before. */
  @Test
  void anEventThatThrowsLeavesTheLoopAsItWas() throws Exception {
    loop.exceptionHandler(_ -> {});

    Context afterwards =
        onLoop(
            () -> {
              eventsOfACall()
                  .execute(
                      () -> {
                        throw new IllegalStateException("of a service");
                      });
              return Vertx.currentContext();
            });

    assertThat(afterwards).isSameAs(loop);
  }

  @Test
  void outsideOfVertxGrpcsOwnExecutorStays() {
    assertThat(CallsOnEventLoop.ofThisThread()).isNull();
  }

  private static Executor eventsOfACall() {
    return Objects.requireNonNull(CallsOnEventLoop.ofThisThread());
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.runOnContext(
        _ -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(10, SECONDS);
  }
}
