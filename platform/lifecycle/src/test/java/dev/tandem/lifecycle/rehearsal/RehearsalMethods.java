package dev.tandem.lifecycle.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the application serves; messages are text. */
public final class RehearsalMethods {

  public static final String SERVICE = "tandem.rehearsal.Rehearsal";

  /** Answers at once. */
  public static final MethodDescriptor<String, String> ECHO = method("Echo", MethodType.UNARY);

  /** Answers when the application is told "finish". */
  public static final MethodDescriptor<String, String> HOLD = method("Hold", MethodType.UNARY);

  /** Never answers. */
  public static final MethodDescriptor<String, String> HANG = method("Hang", MethodType.UNARY);

  /** Sends one message, and ends when the server goes away. */
  public static final MethodDescriptor<String, String> WATCH =
      method("Watch", MethodType.SERVER_STREAMING);

  private RehearsalMethods() {}

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setType(type)
        .setRequestMarshaller(Text.INSTANCE)
        .setResponseMarshaller(Text.INSTANCE)
        .build();
  }

  private enum Text implements MethodDescriptor.Marshaller<String> {
    INSTANCE;

    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
