package dev.tandem.telemetry;

import static io.grpc.MethodDescriptor.generateFullMethodName;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.trace.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A service that answers with the trace that it runs in, or as it is told: with the name of a
 * status, by throwing ("throw"), or never ("silence").
 */
final class Echo implements ServerInterceptor {

  static final String SERVICE = "tandem.test.v3.Echo";

  static final MethodDescriptor<String, String> SAY = method("Say", MethodType.UNARY);

  static final MethodDescriptor<String, String> COUNT =
      method("Count", MethodType.SERVER_STREAMING);

  /** The headers of each call that arrived. */
  final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();

  /** Calls that will never be answered. */
  final BlockingQueue<StreamObserver<String>> silent = new LinkedBlockingQueue<>();

  ServerServiceDefinition service() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(SAY, ServerCalls.asyncUnaryCall(this::say))
        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(this::count))
        .build();
  }

  private void say(String request, StreamObserver<String> response) {
    if (request.equals("throw")) {
      throw new IllegalStateException("a defect");
    }
    if (request.equals("silence")) {
      silent.add(response);
      return;
    }
    if (request.startsWith("status ")) {
      response.onError(
          Status.fromCode(Status.Code.valueOf(request.substring("status ".length())))
              .withDescription("as told")
              .asRuntimeException());
      return;
    }
    response.onNext(Span.current().getSpanContext().getTraceId());
    response.onCompleted();
  }

  private void count(String request, StreamObserver<String> response) {
    for (int i = 0; i < Integer.parseInt(request); i++) {
      response.onNext(Integer.toString(i));
    }
    response.onCompleted();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata received, ServerCallHandler<Q, R> next) {
    headers.add(received);
    return next.startCall(call, received);
  }

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName(generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(Text.MARSHALLER)
        .setResponseMarshaller(Text.MARSHALLER)
        .build();
  }

  private enum Text implements MethodDescriptor.Marshaller<String> {
    MARSHALLER;

    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
