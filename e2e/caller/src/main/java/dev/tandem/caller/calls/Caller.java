package dev.tandem.caller.calls;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends calls of one kind.
 *
 * @param work what is called
 * @param deadline how long a call may take; for a held stream this is added to the time of holding
 * @param keepReplies whether results carry the replies
 * @param ticker measures
 * @param timer ends held streams
 */
public record Caller(
    Work work,
    Duration deadline,
    boolean keepReplies,
    Ticker ticker,
    ScheduledExecutorService timer) {
  public Caller {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException(
          "deadline is %s: it has to be greater than zero".formatted(deadline));
    }
  }

  /**
   * Sends a call without waiting for its end.
   *
   * @param loadStart the instant that the intended start counts from
   * @param intendedStart when the call was meant to be sent
   * @param sink takes the result, on the connection's thread: it must not block
   */
  public void send(
      Channel channel,
      long sequence,
      long loadStart,
      long intendedStart,
      Consumer<CallResult> sink) {
    Duration hold = work.stream().map(StreamLimit::hold).orElse(Duration.ZERO);
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(deadline.plus(hold).toNanos(), TimeUnit.NANOSECONDS);
    ClientCall<ByteString, ByteString> call = channel.newCall(work.descriptor(), options);
    Attempt attempt =
        new Attempt(call, this, sequence, loadStart, intendedStart, ticker.nanos(), sink);
    call.start(attempt, new Metadata());
    // A unary call asks for a second message too: grpc-java then notices a server that sends two.
    call.request(work.stream().isPresent() ? Integer.MAX_VALUE : 2);
    call.sendMessage(work.requestFor(sequence));
    call.halfClose();
    if (!hold.isZero()) {
      attempt.endAfter(hold);
    }
  }

  /** Makes one call and waits for its end, which the deadline bounds. */
  public CallResult call(Channel channel) {
    CompletableFuture<CallResult> result = new CompletableFuture<>();
    long now = ticker.nanos();
    send(channel, 0, now, now, result::complete);
    return result.join();
  }
}
