package dev.tandem.e2e.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tandem.e2e.v1.CallRecord;
import io.grpc.Status;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One call that a caller made.
 *
 * @param sequence its place in its load, from 0
 * @param start when it was meant to start, from the start of the load
 * @param delay how much later than meant it was sent
 * @param latency from when it was meant to start to its end
 * @param status its status code
 * @param message what the status says beside its code
 * @param cluster the cluster that answered; empty when no service did
 * @param pod the pod that answered
 * @param version the version that answered
 * @param messages how many messages arrived
 * @param longestSilence the longest time between two messages
 * @param replies the messages, when they were kept
 */
public record Call(
    long sequence,
    Duration start,
    Duration delay,
    Duration latency,
    Status.Code status,
    String message,
    String cluster,
    String pod,
    String version,
    int messages,
    Duration longestSilence,
    List<ByteString> replies) {
  public Call {
    replies = List.copyOf(replies);
  }

  static Call of(CallRecord call) {
    return new Call(
        call.getSequence(),
        micros(call.getIntendedStartMicros()),
        micros(call.getDelayMicros()),
        micros(call.getLatencyMicros()),
        Status.fromCodeValue(call.getStatusCode()).getCode(),
        call.getStatusMessage(),
        call.getServer().getCluster(),
        call.getServer().getPod(),
        call.getServer().getVersion(),
        call.getMessages(),
        micros(call.getLongestSilenceMicros()),
        call.getRepliesList());
  }

  /** Whether it succeeded. */
  public boolean ok() {
    return status == Status.Code.OK;
  }

  /** When it ended, from the start of the load. */
  public Duration end() {
    return start.plus(latency);
  }

  /** The same call on a clock that was started earlier. */
  public Call later(Duration offset) {
    return new Call(
        sequence,
        start.plus(offset),
        delay,
        latency,
        status,
        message,
        cluster,
        pod,
        version,
        messages,
        longestSilence,
        replies);
  }

  /** Its only reply. */
  public <T extends Message> T reply(Parser<T> parser) {
    if (!ok() || replies.isEmpty()) {
      throw new AssertionError("no reply to look at: " + describe());
    }
    try {
      return parser.parseFrom(replies.getFirst());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not a reply of the expected kind: " + describe(), e);
    }
  }

  /** Everything that a person who looks for a failure's cause wants to know. */
  public String describe() {
    return "call %d, due at %.3f s: %s%s after %.0f ms%s, served by %s"
        .formatted(
            sequence,
            start.toMillis() / 1000.0,
            status,
            message.isEmpty() ? "" : " (" + shortened(message) + ")",
            latency.toNanos() / 1e6,
            delay.toMillis() > 100 ? ", sent " + delay.toMillis() + " ms late" : "",
            cluster.isEmpty() ? "nobody" : pod + " of " + cluster + ", version " + version);
  }

  private static String shortened(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
