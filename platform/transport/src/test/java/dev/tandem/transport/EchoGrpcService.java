package dev.tandem.transport;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.quarkus.grpc.GrpcService;

/** A service of the test's Quarkus application. */
@GrpcService
final class EchoGrpcService implements BindableService {

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("tandem.test.Echo")
        .addMethod(
            EchoServer.SAY,
            ServerCalls.asyncUnaryCall(
                (message, reply) -> {
                  reply.onNext(message);
                  reply.onCompleted();
                }))
        .build();
  }
}
