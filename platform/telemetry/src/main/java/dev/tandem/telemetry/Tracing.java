package dev.tandem.telemetry;

import dev.tandem.telemetry.TelemetrySettings.Export;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * OpenTelemetry as the settings have it. Closing it sends what is left, for {@code
 * tandem.telemetry.flush-timeout} at most.
 */
public final class Tracing implements AutoCloseable {

  private static final String SCOPE = "dev.tandem.telemetry";

  private final SdkTracerProvider provider;
  private final OpenTelemetry openTelemetry;
  private final boolean recording;
  private final Duration flushTimeout;

  private Tracing(SdkTracerProvider provider, TelemetrySettings settings, boolean recording) {
    this.provider = provider;
    this.openTelemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider)
            .setPropagators(Propagation.inOrder(settings.propagators()))
            .build();
    this.recording = recording;
    this.flushTimeout = settings.flushTimeout();
  }

  /**
   * Starts tracing.
   *
   * @throws IllegalArgumentException when a setting is wrong; it names the key, the value, the fix
   */
  public static Tracing start(
      TelemetrySettings settings, ServiceInstance instance, MeterRegistry meters) {
    SettingsCheck.check(settings);
    return start(settings, instance, exportOf(settings, meters));
  }

  /** Starts tracing into a processor, or into none. */
  static Tracing start(
      TelemetrySettings settings, ServiceInstance instance, Optional<SpanProcessor> processor) {
    SdkTracerProviderBuilder provider =
        SdkTracerProvider.builder()
            .setResource(instance.resource())
            .setSampler(
                processor.isPresent()
                    ? Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampling()))
                    : Sampler.alwaysOff());
    processor.ifPresent(provider::addSpanProcessor);
    return new Tracing(provider.build(), settings, processor.isPresent());
  }

  private static Optional<SpanProcessor> exportOf(
      TelemetrySettings settings, MeterRegistry meters) {
    if (settings.export() == Export.NONE) {
      return Optional.empty();
    }
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            // Where JdkHttpSender is found, which is not where the exporter itself comes from.
            .setServiceClassLoader(Tracing.class.getClassLoader())
            .setEndpoint(traces(settings.endpoint().orElseThrow()))
            .setTimeout(settings.exportTimeout())
            .setConnectTimeout(settings.exportTimeout());
    settings.headers().forEach(exporter::addHeader);
    return Optional.of(
        new SpanExport(
            exporter.build(),
            settings.queueSize(),
            settings.exportDelay(),
            settings.exportTimeout(),
            meters));
  }

  /** The path that OTLP gives to traces. */
  private static String traces(URI endpoint) {
    String base = endpoint.toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/v1/traces";
  }

  /** For what makes spans of its own: instrumented drivers, services. */
  public OpenTelemetry openTelemetry() {
    return openTelemetry;
  }

  Tracer tracer() {
    return openTelemetry
        .getTracerProvider()
        .tracerBuilder(SCOPE)
        .setSchemaUrl(Rpc.SCHEMA_URL)
        .build();
  }

  /** Whether spans go anywhere. */
  boolean recording() {
    return recording;
  }

  @Override
  public void close() {
    provider.shutdown().join(flushTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
