package dev.tandem.caller.control;

import dev.tandem.caller.calls.ServedBy;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Says in every reply who gives it, as all of Tandem's services do: in the headers, in an error's
 * trailers too.
 */
record Identity(ServedBy self) implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendHeaders(Metadata responseHeaders) {
            self.writeTo(responseHeaders);
            super.sendHeaders(responseHeaders);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            if (!status.isOk()) {
              self.writeTo(trailers);
            }
            super.close(status, trailers);
          }
        },
        headers);
  }
}
