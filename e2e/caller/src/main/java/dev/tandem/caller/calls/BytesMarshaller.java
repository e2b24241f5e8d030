package dev.tandem.caller.calls;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/** Passes messages on as they are. */
enum BytesMarshaller implements MethodDescriptor.Marshaller<ByteString> {
  INSTANCE;

  @Override
  public InputStream stream(ByteString bytes) {
    return bytes.newInput();
  }

  @Override
  public ByteString parse(InputStream stream) {
    try {
      return ByteString.readFrom(stream);
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("cannot read a reply")
          .withCause(e)
          .asRuntimeException();
    }
  }
}
