package dev.tandem.telemetry;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the interceptors of servers and clients share. In plain grpc-java:
 *
 * <pre>{@code
 * try (Tracing tracing = Tracing.start(settings, instance, meters)) {
 *   CallTelemetry telemetry = new CallTelemetry(settings, instance, tracing, meters);
 *   serverBuilder.intercept(new ServerTelemetryInterceptor(telemetry));
 *   channelBuilder.intercept(new ClientTelemetryInterceptor(telemetry));
 *   …
 * }
 * }</pre>
 */
public final class CallTelemetry {

  private final Tracer tracer;
  private final boolean recording;
  private final TextMapPropagator propagator;
  private final CallMetrics serverMetrics;
  private final CallMetrics clientMetrics;
  private final AccessLog accessLog;
  private final ClusterNames clusters;
  private final Set<String> ignoredServices;
  private final String cluster;
  private final RpcMethods methods = new RpcMethods();

  /**
   * Gets ready; keeps no thread and nothing to close.
   *
   * @throws IllegalArgumentException when a setting is wrong; it names the key, the value, the fix
   */
  public CallTelemetry(
      TelemetrySettings settings, ServiceInstance instance, Tracing tracing, MeterRegistry meters) {
    SettingsCheck.check(settings);
    this.tracer = tracing.tracer();
    this.recording = tracing.recording();
    this.propagator = tracing.openTelemetry().getPropagators().getTextMapPropagator();
    this.serverMetrics = CallMetrics.ofServer(meters);
    this.clientMetrics = CallMetrics.ofClient(meters);
    this.accessLog = new AccessLog(settings.accessLog());
    this.clusters = new ClusterNames(settings.maxClusters());
    this.ignoredServices = Set.copyOf(settings.ignoredServices());
    this.cluster = instance.cluster();
  }

  /** A call that arrived; nothing when its service is to be ignored. */
  Optional<ObservedCall> received(MethodDescriptor<?, ?> descriptor, Metadata headers) {
    RpcMethod method = methods.of(descriptor);
    if (ignoredServices.contains(method.service())) {
      return Optional.empty();
    }
    Context parent =
        propagator.extract(GrpcContextStorage.now(), headers, MetadataCarrier.INSTANCE);
    String caller = clusters.label(headers.get(ClusterNames.CALLER));
    Span span =
        start(
            method,
            parent,
            SpanKind.SERVER,
            builder -> builder.setAttribute(Rpc.CALLER_CLUSTER, caller));
    return Optional.of(
        new ObservedCall(
            parent.with(span), method, caller, cluster, serverMetrics, clusters, accessLog));
  }

  /** A call that is about to be made, with what its server has to know in the headers. */
  Optional<ObservedCall> made(
      MethodDescriptor<?, ?> descriptor, @Nullable String authority, Metadata headers) {
    RpcMethod method = methods.of(descriptor);
    if (ignoredServices.contains(method.service())) {
      return Optional.empty();
    }
    Context parent = GrpcContextStorage.now();
    Span span = start(method, parent, SpanKind.CLIENT, builder -> setServer(builder, authority));
    Context context = parent.with(span);
    propagator.inject(context, headers, MetadataCarrier.INSTANCE);
    MetadataCarrier.INSTANCE.set(headers, ClusterNames.CALLER.name(), cluster);
    return Optional.of(
        new ObservedCall(
            context,
            method,
            cluster,
            ClusterNames.UNKNOWN,
            clientMetrics,
            clusters,
            AccessLog.OFF));
  }

  private Span start(
      RpcMethod method, Context parent, SpanKind kind, UnaryOperator<SpanBuilder> details) {
    SpanContext caller = Span.fromContext(parent).getSpanContext();
    if (!recording && caller.isValid()) {
      // Nobody will ever see a span of ours: whoever is called belongs to the span before it.
      return Span.wrap(caller);
    }
    SpanBuilder span = tracer.spanBuilder(method.name()).setParent(parent);
    if (!recording) {
      // Only its ids are of use: for the log, and for whoever is called.
      return span.startSpan();
    }
    return details
        .apply(
            span.setSpanKind(kind)
                .setAttribute(Rpc.SYSTEM, Rpc.GRPC)
                .setAttribute(Rpc.METHOD, method.name())
                .setAttribute(Rpc.API_VERSION, method.apiVersion()))
        .startSpan();
  }

  /** An authority is host:port, or a name that only a resolver understands. */
  private static SpanBuilder setServer(SpanBuilder span, @Nullable String authority) {
    if (authority == null) {
      return span;
    }
    URI uri = URI.create("grpc://" + authority);
    if (uri.getHost() == null) {
      return span.setAttribute(Rpc.SERVER_ADDRESS, authority);
    }
    span.setAttribute(Rpc.SERVER_ADDRESS, uri.getHost());
    return uri.getPort() == -1 ? span : span.setAttribute(Rpc.SERVER_PORT, (long) uri.getPort());
  }
}
