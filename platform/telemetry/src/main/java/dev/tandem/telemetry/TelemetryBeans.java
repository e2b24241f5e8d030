package dev.tandem.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes what this library consists of into beans, for Quarkus. */
@Singleton
final class TelemetryBeans {

  @Produces
  @Singleton
  ServiceInstance instance(
      @ConfigProperty(name = "quarkus.application.name") String service,
      InstanceSettings instance,
      TelemetrySettings telemetry,
      Config config) {
    SettingsCheck.check(instance);
    return new ServiceInstance(
        service,
        instance.version(),
        instance.cluster(),
        instance.region(),
        instance.zone(),
        instance.namespace(),
        instance.pod(),
        telemetry.deploymentDigest(),
        ConfigurationDigest.of(config));
  }

  @Produces
  @Singleton
  Tracing tracing(TelemetrySettings settings, ServiceInstance instance, MeterRegistry meters) {
    return Tracing.start(settings, instance, meters);
  }

  void close(@Disposes Tracing tracing) {
    tracing.close();
  }

  @Produces
  @Singleton
  OpenTelemetry openTelemetry(Tracing tracing) {
    return tracing.openTelemetry();
  }

  @Produces
  @Singleton
  CallTelemetry callTelemetry(
      TelemetrySettings settings, ServiceInstance instance, Tracing tracing, MeterRegistry meters) {
    new TargetInfo(instance).bindTo(meters);
    return new CallTelemetry(settings, instance, tracing, meters);
  }

  /** A wrong setting stops the service; the gRPC server would only log it and stay away. */
  void start(
      @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event,
      CallTelemetry telemetry) {}

  /**
   * What was measured ends with the application: meters live in a registry of the whole JVM, and
   * the next application in it, as in tests and after a live reload, would report them as its own.
   */
  void stop(@Observes ShutdownEvent event, MeterRegistry meters) {
    meters.clear();
  }

  /** Takes the place of the extension's, which knows no traces without its OpenTelemetry twin. */
  @Produces
  @Alternative
  @Priority(1)
  Optional<ExemplarSampler> exemplars() {
    return Optional.of(new DefaultExemplarSampler(new CurrentSpan()));
  }
}
