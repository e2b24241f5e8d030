package dev.tandem.lifecycle;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/** grpc.health.v1 on the wire. */
@GrpcService
final class HealthGrpcService implements BindableService {

  private final ServerHealth health;

  @Inject
  HealthGrpcService(ServerHealth health) {
    this.health = health;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return health.service().bindService();
  }
}
