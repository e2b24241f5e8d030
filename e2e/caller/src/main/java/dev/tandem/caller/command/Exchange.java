package dev.tandem.caller.command;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import dev.tandem.caller.calls.ServedBy;
import dev.tandem.caller.calls.StatusText;
import dev.tandem.caller.calls.Target;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Makes calls to one target and says what came back as JSON. */
final class Exchange {
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence();

  private final Target target;
  private final Channel channel;
  private final Duration deadline;
  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();

  Exchange(Target target, Channel channel, Duration deadline) {
    this.target = target;
    this.channel =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    this.deadline = deadline;
  }

  /**
   * What came back.
   *
   * @param json the reply or the failure, and who gave it
   * @param servedBy who gave it
   * @param problem why it is not what was hoped for; empty when it is
   */
  record Answer(JsonObject json, ServedBy servedBy, String problem) {
    boolean good() {
      return problem.isEmpty();
    }
  }

  /** Makes a unary call. */
  <R extends MessageOrBuilder> Answer unary(Function<Channel, R> call, Predicate<R> hopedFor) {
    long start = begin();
    try {
      R reply = call.apply(ClientInterceptors.intercept(channel, new Deadline(deadline)));
      JsonObject json = json(reply);
      json.addProperty("latencyMillis", millisSince(start));
      return new Answer(
          json, servedBy(), hopedFor.test(reply) ? "" : target + " answered " + reply);
    } catch (StatusRuntimeException e) {
      return failure(e, start);
    }
  }

  /**
   * Follows a stream for as long as it lasts, or until it gave a number of messages. The answer's
   * JSON is only worth printing when it failed.
   */
  Answer stream(
      Function<Channel, ? extends Iterator<? extends MessageOrBuilder>> call,
      int messages,
      Consumer<JsonObject> printer) {
    long start = begin();
    try {
      Iterator<? extends MessageOrBuilder> replies = call.apply(channel);
      for (int count = 0; (messages == 0 || count < messages) && replies.hasNext(); count++) {
        printer.accept(json(replies.next()));
      }
      return new Answer(new JsonObject(), servedBy(), "");
    } catch (StatusRuntimeException e) {
      return failure(e, start);
    }
  }

  private long begin() {
    headers.set(new Metadata());
    trailers.set(new Metadata());
    return System.nanoTime();
  }

  private JsonObject json(MessageOrBuilder reply) {
    JsonObject json = new JsonObject();
    try {
      json.add("reply", JsonParser.parseString(JSON.print(reply)));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a reply without Any fields always prints", e);
    }
    json.add("servedBy", servedByJson());
    return json;
  }

  private Answer failure(StatusRuntimeException e, long start) {
    String message = StatusText.message(e.getStatus());
    JsonObject json = new JsonObject();
    json.addProperty("status", e.getStatus().getCode().name());
    json.addProperty("message", message);
    json.add("servedBy", servedByJson());
    json.addProperty("latencyMillis", millisSince(start));
    return new Answer(
        json, servedBy(), "%s answered %s: %s".formatted(target, e.getStatus().getCode(), message));
  }

  private ServedBy servedBy() {
    Metadata metadata = new Metadata();
    for (AtomicReference<Metadata> part : List.of(headers, trailers)) {
      Metadata captured = part.get();
      if (captured != null) {
        metadata.merge(captured);
      }
    }
    return ServedBy.in(metadata);
  }

  private JsonObject servedByJson() {
    ServedBy servedBy = servedBy();
    JsonObject json = new JsonObject();
    json.addProperty("cluster", servedBy.cluster());
    json.addProperty("pod", servedBy.pod());
    json.addProperty("version", servedBy.version());
    return json;
  }

  private static double millisSince(long start) {
    return Math.round((System.nanoTime() - start) / 1e4) / 100.0;
  }

  private record Deadline(Duration duration) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return next.newCall(
          method, options.withDeadlineAfter(duration.toNanos(), TimeUnit.NANOSECONDS));
    }
  }
}
