package dev.tandem.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A call that two may answer, the service and the timer: the first to close it wins, and what the
 * service still says after that is dropped, as gRPC drops it when a deadline of the caller's is
 * over.
 */
final class BoundedServerCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

  /** A ServerCall may not be used by two threads at once. */
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private boolean outOfTime;

  BoundedServerCall(ServerCall<ReqT, RespT> call) {
    super(call);
  }

  void timeIsOver(Duration deadline) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        outOfTime = true;
        super.close(
            Status.DEADLINE_EXCEEDED.withDescription(
                "the call came without a deadline, and took longer than the server's %d ms"
                    .formatted(deadline.toMillis())),
            new Metadata());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    lock.lock();
    try {
      if (!outOfTime) {
        super.sendHeaders(headers);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sendMessage(RespT message) {
    lock.lock();
    try {
      if (!outOfTime) {
        super.sendMessage(message);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    lock.lock();
    try {
      if (!outOfTime) {
        closed = true;
        super.close(status, trailers);
      }
    } finally {
      lock.unlock();
    }
  }
}
