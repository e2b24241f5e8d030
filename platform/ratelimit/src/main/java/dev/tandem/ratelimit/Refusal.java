package dev.tandem.ratelimit;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Objects;

/**
 * RESOURCE_EXHAUSTED on the wire, with {@code google.rpc.RetryInfo} in {@code
 * grpc-status-details-bin}.
 *
 * @see <a href="https://google.aip.dev/193">AIP-193, errors</a>
 */
final class Refusal {

  private Refusal() {}

  static <ReqT> ServerCall.Listener<ReqT> send(ServerCall<ReqT, ?> call, Decision.Refused refused) {
    Duration wait = refused.retryAfter();
    Status status =
        Status.newBuilder()
            .setCode(Code.RESOURCE_EXHAUSTED_VALUE)
            .setMessage(
                "over the limit of %s: wait %d ms and repeat, or ask for a higher limit"
                    .formatted(refused.limit(), Math.ceilDiv(wait.toNanos(), 1_000_000)))
            .addDetails(
                Any.pack(
                    RetryInfo.newBuilder()
                        .setRetryDelay(
                            com.google.protobuf.Duration.newBuilder()
                                .setSeconds(wait.toSeconds())
                                .setNanos(wait.toNanosPart()))
                        .build()))
            .build();
    var exception = StatusProto.toStatusRuntimeException(status);
    call.close(
        exception.getStatus(),
        Objects.requireNonNullElseGet(exception.getTrailers(), Metadata::new));
    return new ServerCall.Listener<>() {};
  }
}
