package dev.tandem.telemetry;

import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Telemetry as it is by default, which reads every form in which a trace may arrive. */
public final class FuzzTelemetry {

  private FuzzTelemetry() {}

  /** Around everything else. */
  public static ServerInterceptor interceptor() {
    TelemetrySettings settings =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(Map.of(), "defaults", 1))
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(TelemetrySettings.class)
            .build()
            .getConfigMapping(TelemetrySettings.class);
    ServiceInstance instance =
        new ServiceInstance(
            "fuzz",
            "1",
            "local",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "fuzz",
            "",
            "");
    MeterRegistry meters = new SimpleMeterRegistry();
    return new ServerTelemetryInterceptor(
        new CallTelemetry(settings, instance, Tracing.start(settings, instance, meters), meters));
  }
}
