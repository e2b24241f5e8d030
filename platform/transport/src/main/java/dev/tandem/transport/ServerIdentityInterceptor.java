package dev.tandem.transport;

import static io.grpc.Metadata.ASCII_STRING_MARSHALLER;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Names the server on every reply: in the headers, and for a call that fails also in the trailers,
 * because a call that fails before its first message has no headers, and clients hand out only the
 * trailers with an error.
 */
@GlobalInterceptor
@Singleton
public final class ServerIdentityInterceptor implements ServerInterceptor, Prioritized {

  /** The cluster whose server answered. */
  public static final Metadata.Key<String> CLUSTER =
      Metadata.Key.of("tandem-cluster", ASCII_STRING_MARSHALLER);

  /** The pod that answered. */
  public static final Metadata.Key<String> POD =
      Metadata.Key.of("tandem-pod", ASCII_STRING_MARSHALLER);

  /** The release of the server that answered. */
  public static final Metadata.Key<String> VERSION =
      Metadata.Key.of("tandem-version", ASCII_STRING_MARSHALLER);

  private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");

  /** All three, put into bytes once. */
  private final Metadata identity = new Metadata();

  /**
   * Takes the names.
   *
   * @throws WrongSettingException when one is not printable ASCII
   */
  @Inject
  public ServerIdentityInterceptor(ServerIdentity server) {
    identity.put(CLUSTER, printable("tandem.cluster", server.cluster()));
    identity.put(POD, printable("tandem.pod", server.pod()));
    identity.put(VERSION, printable("tandem.version", server.version()));
  }

  /** What metadata can carry: a line break in it would make every reply unreadable. */
  private static String printable(String key, String value) {
    if (!PRINTABLE.matcher(value).matches()) {
      throw new WrongSettingException(
          key, value, "must be printable ASCII, because every reply carries it");
    }
    return value;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    return next.startCall(new IdentifiedCall<>(call), headers);
  }

  /** Outermost, so that replies which other interceptors give are named too. */
  @Override
  public int getPriority() {
    return Integer.MAX_VALUE;
  }

  /** A service that forwards the metadata of the server it called must not pass for that server. */
  private void putInto(Metadata metadata) {
    metadata.discardAll(CLUSTER);
    metadata.discardAll(POD);
    metadata.discardAll(VERSION);
    metadata.merge(identity);
  }

  private final class IdentifiedCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {

    private IdentifiedCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      putInto(headers);
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!status.isOk()) {
        putInto(trailers);
      }
      super.close(status, trailers);
    }
  }
}
