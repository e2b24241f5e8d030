package dev.tandem.caller.calls;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of one call.
 *
 * @param sequence its place in the load, from 0
 * @param intendedStart when it was meant to start, from the start of the load
 * @param delay how much later than meant it was sent
 * @param latency from the intended start to its end
 * @param status how it ended
 * @param servedBy who answered
 * @param messages how many messages arrived
 * @param firstMessage from the intended start to the first message
 * @param longestSilence the longest time between two messages
 * @param replies the messages, when they were kept
 * @param metadata headers and trailers
 */
public record CallResult(
    long sequence,
    Duration intendedStart,
    Duration delay,
    Duration latency,
    Status status,
    ServedBy servedBy,
    int messages,
    Optional<Duration> firstMessage,
    Duration longestSilence,
    List<ByteString> replies,
    Metadata metadata) {
  public CallResult {
    replies = List.copyOf(replies);
  }
}
