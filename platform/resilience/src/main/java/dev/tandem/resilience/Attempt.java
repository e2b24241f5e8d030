package dev.tandem.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt of a unary call. What it is answered is kept, and given on when it is complete. */
final class Attempt<ReqT, RespT> extends ClientCall.Listener<RespT> {

  /** A second message would break the contract; asking for it is how the stub finds out. */
  private static final int ONE_MESSAGE_AND_THE_LACK_OF_ANOTHER = 2;

  private final ClientCall<ReqT, RespT> call;
  private final Consumer<Reply<RespT>> whenClosed;

  private @Nullable Metadata headers;
  private final List<RespT> messages = new ArrayList<>(1);

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean sent;

  @GuardedBy("lock")
  private @Nullable Cancellation cancellation;

  private record Cancellation(@Nullable String message, @Nullable Throwable cause) {}

  Attempt(ClientCall<ReqT, RespT> call, Consumer<Reply<RespT>> whenClosed) {
    this.call = call;
    this.whenClosed = whenClosed;
  }

  void send(ReqT message, Metadata requestHeaders, boolean compressed) {
    call.start(this, requestHeaders);
    Cancellation early;
    lock.lock();
    try {
      sent = true;
      early = cancellation;
    } finally {
      lock.unlock();
    }
    if (early != null) {
      call.cancel(early.message, early.cause);
      return;
    }
    call.request(ONE_MESSAGE_AND_THE_LACK_OF_ANOTHER);
    try {
      call.setMessageCompression(compressed);
      call.sendMessage(message);
      call.halfClose();
    } catch (RuntimeException e) {
      call.cancel("the request could not be sent", e);
      throw e;
    }
  }

  /** A call that is cancelled before its start would refuse to start. */
  void cancel(@Nullable String message, @Nullable Throwable cause) {
    lock.lock();
    try {
      if (!sent) {
        cancellation = new Cancellation(message, cause);
        return;
      }
    } finally {
      lock.unlock();
    }
    call.cancel(message, cause);
  }

  ClientCall<ReqT, RespT> call() {
    return call;
  }

  @Override
  public void onHeaders(Metadata replyHeaders) {
    headers = replyHeaders;
  }

  @Override
  public void onMessage(RespT message) {
    messages.add(message);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    whenClosed.accept(new Reply<>(headers, messages, status, trailers));
  }
}
