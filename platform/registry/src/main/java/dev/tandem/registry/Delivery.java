package dev.tandem.registry;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings news to one listener on a thread of its own: however slow it is, it holds up neither the
 * registry nor other listeners, and no more than one piece of news waits for it.
 */
final class Delivery implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Delivery.class);

  private final InstancesListener listener;
  private final AtomicReference<@Nullable News> waiting = new AtomicReference<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("registry-listener").factory());
  private volatile boolean closed;

  Delivery(InstancesListener listener) {
    this.listener = listener;
  }

  private sealed interface News {
    record Changed(Instances instances) implements News {}

    record Unknown(String problem) implements News {}
  }

  /** Never two at once: the order is that of these calls. */
  void changed(Instances instances) {
    tell(new News.Changed(instances));
  }

  /** As {@link #changed}. */
  void unknown(String problem) {
    tell(new News.Unknown(problem));
  }

  private void tell(News news) {
    if (waiting.getAndSet(news) != null) {
      return;
    }
    try {
      thread.execute(this::deliver);
    } catch (RejectedExecutionException _) {
      LOG.trace("The listener is gone");
    }
  }

  private void deliver() {
    News news = waiting.getAndSet(null);
    if (news == null || closed) {
      return;
    }
    try {
      switch (news) {
        case News.Changed(Instances instances) -> listener.changed(instances);
        case News.Unknown(String problem) -> listener.unknown(problem);
      }
    } catch (RuntimeException e) {
      LOG.error("A listener failed; it will hear of the next change", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.shutdown();
  }
}
