package dev.tandem.caller.calls;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One kind of call.
 *
 * @param method the method's full name, such as {@code tandem.user.v1.UserService/GetUser}
 * @param request the request in protobuf's wire format
 * @param numberedField a field of the request that differs from call to call
 * @param stream when a server stream has given enough; empty for a unary method
 */
public record Work(
    String method,
    ByteString request,
    Optional<NumberedField> numberedField,
    Optional<StreamLimit> stream) {
  private static final Pattern METHOD = Pattern.compile("[A-Za-z_][\\w.]*/[A-Za-z_]\\w*");

  public Work {
    if (!METHOD.matcher(method).matches()) {
      throw new IllegalArgumentException(
          "work.method is '%s': it has to be a full name such as tandem.user.v1.UserService/GetUser"
              .formatted(method));
    }
  }

  ByteString requestFor(long sequence) {
    return numberedField.map(field -> field.in(request, sequence)).orElse(request);
  }

  MethodDescriptor<ByteString, ByteString> descriptor() {
    return MethodDescriptor.<ByteString, ByteString>newBuilder()
        .setFullMethodName(method)
        .setType(
            stream.isPresent()
                ? MethodDescriptor.MethodType.SERVER_STREAMING
                : MethodDescriptor.MethodType.UNARY)
        .setRequestMarshaller(BytesMarshaller.INSTANCE)
        .setResponseMarshaller(BytesMarshaller.INSTANCE)
        .build();
  }
}
