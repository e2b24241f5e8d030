package dev.tandem.mirror;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs what was answered to calls that ask for it, so that the answers of two versions can be
 * compared: as a digest, because replies are nobody's business.
 */
@GlobalInterceptor
@Singleton
public final class ComparedAnswers implements ServerInterceptor, Prioritized {

  /** One call in so many is logged; both versions choose the same ones, by the call's id. */
  public static final Metadata.Key<String> ONE_IN =
      Metadata.Key.of("tandem-compare", ASCII_STRING_MARSHALLER);

  /** The mesh's name for a call, the same for the call and its copy. */
  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", ASCII_STRING_MARSHALLER);

  private static final Logger LOG = Logger.getLogger("dev.tandem.mirror.answers");

  /** What callers send is in our log: nothing but this. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,5}");
  private static final int DIGEST_BYTES = 8;

  /** Innermost: what the service itself said, not what others made of it. */
  private static final int INNERMOST = 500;

  private final Consumer<String> lines;

  /** Logs to dev.tandem.mirror.answers, on level INFO. */
  public ComparedAnswers() {
    this(LOG::info);
  }

  ComparedAnswers(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String id = headers.get(REQUEST_ID);
    return id != null && isChosen(id, headers.get(ONE_IN)) && isComparable(call)
        ? next.startCall(new Logged<>(call, id), headers)
        : next.startCall(call, headers);
  }

  @Override
  public int getPriority() {
    return INNERMOST;
  }

  private static boolean isChosen(String id, @Nullable String oneIn) {
    return oneIn != null
        && COUNT.matcher(oneIn).matches()
        && ID.matcher(id).matches()
        && Math.floorMod(id.hashCode(), Integer.parseInt(oneIn)) == 0;
  }

  private static boolean isComparable(ServerCall<?, ?> call) {
    MethodDescriptor<?, ?> method = call.getMethodDescriptor();
    return method.getType() == MethodDescriptor.MethodType.UNARY
        && method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier contract
        && contract.getMethodDescriptor().getOptions().getIdempotencyLevel()
            == IdempotencyLevel.NO_SIDE_EFFECTS;
  }

  private final class Logged<Q, R> extends SimpleForwardingServerCall<Q, R> {

    private final String id;
    private String digest = "-";

    private Logged(ServerCall<Q, R> call, String id) {
      super(call);
      this.id = id;
    }

    @Override
    public void sendMessage(R message) {
      if (message instanceof MessageLite reply) {
        digest = digestOf(reply.toByteArray());
      }
      super.sendMessage(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      lines.accept(
          "tandem-answer %s %s %s %s"
              .formatted(id, getMethodDescriptor().getFullMethodName(), status.getCode(), digest));
      super.close(status, trailers);
    }
  }

  private static String digestOf(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
