package dev.tandem.caller.calls;

import com.google.protobuf.ByteString;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches one call. Locked on itself: the connection's thread and the timer meet here. */
final class Attempt extends ClientCall.Listener<ByteString> {
  private final ClientCall<ByteString, ByteString> call;
  private final Caller caller;
  private final long sequence;
  private final long loadStart;
  private final long intendedStart;
  private final long sent;
  private final Consumer<CallResult> sink;

  private final Metadata metadata = new Metadata();
  private final List<ByteString> replies = new ArrayList<>();
  private int messages;
  private long firstMessage;
  private long lastMessage;
  private long longestSilence;
  private @Nullable Future<?> holding;
  private boolean heldLongEnough;
  private boolean ended;

  Attempt(
      ClientCall<ByteString, ByteString> call,
      Caller caller,
      long sequence,
      long loadStart,
      long intendedStart,
      long sent,
      Consumer<CallResult> sink) {
    this.call = call;
    this.caller = caller;
    this.sequence = sequence;
    this.loadStart = loadStart;
    this.intendedStart = intendedStart;
    this.sent = sent;
    this.sink = sink;
  }

  synchronized void endAfter(Duration hold) {
    if (!ended) {
      holding = caller.timer().schedule(this::endOfHolding, hold.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void endOfHolding() {
    heldLongEnough = true;
    // A stream without a first message is not a held stream: its first message or its deadline
    // decides.
    if (messages > 0) {
      enough();
    }
  }

  @Override
  public synchronized void onHeaders(Metadata headers) {
    metadata.merge(headers);
  }

  @Override
  public synchronized void onMessage(ByteString message) {
    if (ended) {
      return;
    }
    long now = caller.ticker().nanos();
    if (messages == 0) {
      firstMessage = now;
    } else {
      longestSilence = Math.max(longestSilence, now - lastMessage);
    }
    lastMessage = now;
    messages++;
    if (caller.keepReplies()) {
      replies.add(message);
    }
    if (heldLongEnough
        || caller.work().stream().map(limit -> messages == limit.messages()).orElse(false)) {
      enough();
    }
  }

  @Override
  public synchronized void onClose(Status status, Metadata trailers) {
    metadata.merge(trailers);
    end(status);
  }

  private void enough() {
    end(Status.OK);
    call.cancel("the caller has seen enough", null);
  }

  private void end(Status status) {
    if (ended) {
      return;
    }
    ended = true;
    if (holding != null) {
      holding.cancel(false);
    }
    sink.accept(
        new CallResult(
            sequence,
            Duration.ofNanos(intendedStart - loadStart),
            Duration.ofNanos(sent - intendedStart),
            caller.ticker().since(intendedStart),
            status,
            ServedBy.in(metadata),
            messages,
            messages == 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(firstMessage - intendedStart)),
            Duration.ofNanos(longestSilence),
            replies,
            metadata));
  }
}
