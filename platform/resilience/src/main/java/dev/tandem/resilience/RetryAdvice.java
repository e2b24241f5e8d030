package dev.tandem.resilience;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import java.time.Duration;

/** What a server says about a repetition of the call that it failed. */
sealed interface RetryAdvice {

  /** Nothing. */
  record None() implements RetryAdvice {}

  /** Not at all. */
  record Never() implements RetryAdvice {}

  /** After exactly this time: gRFC A6's push-back. */
  record After(Duration delay) implements RetryAdvice {}

  /** Not before this time: google.rpc.RetryInfo. */
  record NotBefore(Duration delay) implements RetryAdvice {}

  Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** Read as bytes: what cannot be parsed must not throw in the middle of a call. */
  Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** No deadline is that far away. */
  Duration LONGEST = Duration.ofDays(1);

  static RetryAdvice in(Metadata trailers) {
    String pushback = trailers.get(PUSHBACK);
    if (pushback != null) {
      return ofPushback(pushback);
    }
    byte[] details = trailers.get(DETAILS);
    return details == null ? new None() : ofDetails(details);
  }

  /** Advice for clients of ours and of others. */
  static void put(Duration notBefore, io.grpc.Status status, Metadata trailers) {
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(notBefore.toSeconds())
                    .setNanos(notBefore.toNanosPart()))
            .build();
    Status.Builder details =
        Status.newBuilder().setCode(status.getCode().value()).addDetails(Any.pack(info));
    if (status.getDescription() != null) {
      details.setMessage(status.getDescription());
    }
    trailers.put(DETAILS, details.build().toByteArray());
  }

  /** A negative number, or none, means that the call must not be repeated (gRFC A6). */
  private static RetryAdvice ofPushback(String milliseconds) {
    try {
      long delay = Long.parseLong(milliseconds);
      return delay < 0
          ? new Never()
          : new After(Duration.ofMillis(Math.min(delay, LONGEST.toMillis())));
    } catch (NumberFormatException e) {
      return new Never();
    }
  }

  private static RetryAdvice ofDetails(byte[] bytes) {
    try {
      for (Any detail : Status.parseFrom(bytes).getDetailsList()) {
        if (detail.is(RetryInfo.class)) {
          return new NotBefore(clamped(detail.unpack(RetryInfo.class).getRetryDelay()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      // Details that nobody can read are no advice.
    }
    return new None();
  }

  private static Duration clamped(com.google.protobuf.Duration delay) {
    if (delay.getSeconds() < 0) {
      return Duration.ZERO;
    }
    return delay.getSeconds() >= LONGEST.toSeconds()
        ? LONGEST
        : Duration.ofSeconds(delay.getSeconds()).plusNanos(Math.max(0, delay.getNanos()));
  }
}
