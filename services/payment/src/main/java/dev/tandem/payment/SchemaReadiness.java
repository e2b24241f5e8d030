package dev.tandem.payment;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready before the tables exist. An outage after that is for calls to report, not for the mesh
 * to hide.
 */
@Readiness
@Singleton
final class SchemaReadiness implements HealthCheck {

  private final PaymentSchema schema;

  @Inject
  SchemaReadiness(PaymentSchema schema) {
    this.schema = schema;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("payment tables").status(schema.isReady()).build();
  }
}
