package dev.tandem.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is being measured, as a metric of its own that others are joined with: {@code
 * rate(rpc_server_call_duration_seconds_count[1m]) * on (instance) group_left
 * (tandem_configuration_digest) target_info}. The name is that of <a
 * href="https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#resource-attributes">
 * OpenTelemetry's mapping</a>, and collectors read it as a resource's attributes.
 */
final class TargetInfo implements MeterBinder {

  private final ServiceInstance instance;

  TargetInfo(ServiceInstance instance) {
    this.instance = instance;
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    List<Tag> tags = new ArrayList<>();
    instance
        .attributes()
        .forEach((key, value) -> tags.add(Tag.of(key.getKey(), String.valueOf(value))));
    Gauge.builder("target.info", () -> 1)
        .description("Who is being measured")
        .tags(tags)
        .register(meters);
  }
}
