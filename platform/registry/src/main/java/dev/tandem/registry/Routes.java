package dev.tandem.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of one of the registry's servers, opened when it is first needed; of the next one when
 * that fails. What is under way on the old client goes on there for as long as it can: one slow
 * answer must not make every watch begin anew.
 *
 * @param <C> the client
 */
final class Routes<C> implements AutoCloseable {

  private final Endpoints endpoints;
  private final Opening<C> opening;
  private final Consumer<C> retirement;
  private final Consumer<C> end;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Route<C> current;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * @param retirement lets a client end what is under way, and begin nothing
   * @param end breaks off what is under way
   */
  Routes(Endpoints endpoints, Opening<C> opening, Consumer<C> retirement, Consumer<C> end) {
    this.endpoints = endpoints;
    this.opening = opening;
    this.retirement = retirement;
    this.end = end;
  }

  /** A client and where it leads. */
  record Route<C>(C client, Address address) {}

  @FunctionalInterface
  interface Opening<C> {
    C to(Address address) throws ServerFailure;
  }

  /** The one to use now. */
  Route<C> current() throws ServerFailure {
    lock.lock();
    try {
      if (closed) {
        throw new ServerFailure.Unreachable("the registry is closed");
      }
      if (current == null) {
        Address address = endpoints.current();
        current = new Route<>(opening.to(address), address);
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  /** Another one from now on, unless somebody else has seen to it. */
  void leave(Route<C> failed) {
    lock.lock();
    try {
      if (failed.equals(current)) {
        current = null;
        endpoints.moveOn();
      }
    } finally {
      lock.unlock();
    }
    retirement.accept(failed.client());
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (current != null) {
        end.accept(current.client());
        current = null;
      }
    } finally {
      lock.unlock();
    }
    endpoints.close();
  }
}
