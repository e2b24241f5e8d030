package dev.tandem.lifecycle;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * What a Quarkus application has of this module. The three questions about health are different
 * ones:
 *
 * <ul>
 *   <li>startup: has the start come to an end? Until then nobody asks the other two.
 *   <li>readiness: should calls be sent here now? Not while going away, nor while a check of the
 *       service says no.
 *   <li>liveness: would only a restart help? Only when the server is gone and was not meant to be.
 *       No dependency is looked at: restarting this process does not repair another.
 * </ul>
 */
@Singleton
final class LifecycleBeans {

  @Produces
  @Singleton
  ServerHealth health() {
    return new ServerHealth();
  }

  @Produces
  @Startup
  @Singleton
  HealthCheck startup(ServiceLifecycle lifecycle) {
    return () -> answer("start", lifecycle.started());
  }

  @Produces
  @Readiness
  @Singleton
  HealthCheck readiness(ServiceLifecycle lifecycle) {
    return () -> answer("not going away", !lifecycle.leaving());
  }

  @Produces
  @Liveness
  @Singleton
  HealthCheck liveness(ServiceLifecycle lifecycle) {
    return () -> answer("gRPC server", lifecycle.accepts());
  }

  private static HealthCheckResponse answer(String name, boolean up) {
    return HealthCheckResponse.named(name).status(up).build();
  }
}
