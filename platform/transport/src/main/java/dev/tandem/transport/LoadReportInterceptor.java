package dev.tandem.transport;

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
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells each caller at the end of a call how busy this server is, so that clients which balance by
 * weight send less to whoever is busier (<a
 * href="https://github.com/grpc/proposal/blob/master/A51-custom-backend-metrics.md">gRFC A51</a>,
 * {@link LoadBalancing#WEIGHTED_ROUND_ROBIN}). Only when {@code
 * tandem.transport.server.load-reports} says so.
 */
@GlobalInterceptor
@Singleton
public final class LoadReportInterceptor implements ServerInterceptor, Prioritized {

  /** Where clients look for an OrcaLoadReport. */
  static final Metadata.Key<byte[]> REPORT =
      Metadata.Key.of("endpoint-load-metrics-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** Ends that mean that this server does badly, for which clients send it less. */
  private static final Set<Status.Code> ERRORS =
      EnumSet.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  /** Around everything that may end a call, but for the server's name. */
  private static final int PRIORITY = Integer.MAX_VALUE - 1;

  private final @Nullable ServerLoad load;

  /** As the settings have it. */
  @Inject
  public LoadReportInterceptor(TransportSettings settings) {
    this(settings.server().loadReports() ? ServerLoad.ofProcessors() : null);
  }

  LoadReportInterceptor(@Nullable ServerLoad load) {
    this.load = load;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    return next.startCall(load == null ? call : new Reporting<>(call, load), headers);
  }

  @Override
  public int getPriority() {
    return PRIORITY;
  }

  private static final class Reporting<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    private final ServerLoad load;

    Reporting(ServerCall<ReqT, RespT> call, ServerLoad load) {
      super(call);
      this.load = load;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      load.ended(ERRORS.contains(status.getCode()));
      byte[] report = load.report();
      // A service that passes on the trailers of another must not report that one's load.
      trailers.discardAll(REPORT);
      if (report.length > 0) {
        trailers.put(REPORT, report);
      }
      super.close(status, trailers);
    }
  }
}
