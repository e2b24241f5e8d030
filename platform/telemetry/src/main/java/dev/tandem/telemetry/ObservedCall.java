package dev.tandem.telemetry;

import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.concurrent.atomic.AtomicBoolean;

/** One call from its first moment to its status, which is taken once, whoever says it first. */
final class ObservedCall {

  private final Context context;
  private final RpcMethod method;
  private final String callerCluster;
  private final CallMetrics metrics;
  private final ClusterNames clusters;
  private final AccessLog accessLog;
  private final long start;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile String serverCluster;

  ObservedCall(
      Context context,
      RpcMethod method,
      String callerCluster,
      String serverCluster,
      CallMetrics metrics,
      ClusterNames clusters,
      AccessLog accessLog) {
    this.context = context;
    this.method = method;
    this.callerCluster = callerCluster;
    this.serverCluster = serverCluster;
    this.metrics = metrics;
    this.clusters = clusters;
    this.accessLog = accessLog;
    this.start = metrics.now();
  }

  /** The context in which the call is worked on. */
  Context context() {
    return context;
  }

  /** A reply's headers or trailers arrived: they say which cluster answered. */
  void answeredBy(Metadata metadata) {
    String cluster = metadata.get(ClusterNames.SERVER);
    if (cluster != null) {
      serverCluster = clusters.label(cluster);
      Span.fromContext(context).setAttribute(Rpc.SERVER_CLUSTER, serverCluster);
    }
  }

  /** The call is over. Only the first status counts. */
  void end(Status status) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    long nanos = metrics.now() - start;
    // The histogram's exemplar and the line in the log take the trace from the current context.
    if (GrpcContextStorage.now() == context) {
      end(status, nanos);
    } else {
      GrpcContextStorage.with(context).run(() -> end(status, nanos));
    }
  }

  private void end(Status status, long nanos) {
    describe(Span.fromContext(context), status);
    metrics.record(
        new CallMetrics.Series(method, status.getCode(), callerCluster, serverCluster), nanos);
    accessLog.write(method, status, nanos, callerCluster);
  }

  private void describe(Span span, Status status) {
    if (!span.isRecording()) {
      span.end();
      return;
    }
    String code = status.getCode().name();
    span.setAttribute(Rpc.STATUS, code);
    if (metrics.isError(status.getCode())) {
      span.setAttribute(Rpc.ERROR_TYPE, code);
      if (status.getDescription() == null) {
        span.setStatus(StatusCode.ERROR);
      } else {
        span.setStatus(StatusCode.ERROR, status.getDescription());
      }
      if (status.getCause() != null) {
        span.recordException(status.getCause());
      }
    }
    span.end();
  }
}
