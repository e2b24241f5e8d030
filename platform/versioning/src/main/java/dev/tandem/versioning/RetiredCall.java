package dev.tandem.versioning;

import dev.tandem.identity.Caller;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call of a version that was retired: it ends with UNIMPLEMENTED and the successor's name,
 * whoever ends it and why. It is counted when it ends, by its caller if one was verified by then.
 */
final class RetiredCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

  private static final Context.Key<RetiredCall<?, ?>> KEY = Context.key("tandem-retired-call");

  private final String packageName;
  private final ApiState.Retired state;
  private final ApiCallMeter meter;
  private boolean ended;

  RetiredCall(
      ServerCall<ReqT, RespT> call,
      String packageName,
      ApiState.Retired state,
      ApiCallMeter meter) {
    super(call);
    this.packageName = packageName;
    this.state = state;
    this.meter = meter;
  }

  /** The one that the current thread works on. */
  static @Nullable RetiredCall<?, ?> current() {
    return KEY.get();
  }

  Context into(Context context) {
    return context.withValue(KEY, this);
  }

  void refuse(Optional<Caller> caller) {
    if (ended) {
      return;
    }
    ended = true;
    meter.called(packageName, state, caller);
    Metadata trailers = new Metadata();
    state.announcement().putInto(trailers, getMethodDescriptor().getFullMethodName());
    super.close(
        Status.UNIMPLEMENTED.withDescription(
            "%s was retired: %s".formatted(packageName, state.announcement().advice())),
        trailers);
  }

  /** Nobody has an answer for it. */
  @Override
  public void sendHeaders(Metadata headers) {}

  @Override
  public void sendMessage(RespT message) {}

  /** Such as authentication, which does not know the caller. */
  @Override
  public void close(Status status, Metadata trailers) {
    refuse(Optional.empty());
  }
}
