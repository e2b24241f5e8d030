package dev.tandem.lifecycle.rehearsal;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

@GrpcService
final class RehearsalService implements BindableService {

  private final Stage stage;

  @Inject
  RehearsalService(Stage stage) {
    this.stage = stage;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(RehearsalMethods.SERVICE)
        .addMethod(
            RehearsalMethods.ECHO,
            ServerCalls.asyncUnaryCall((request, reply) -> answer(reply, request)))
        .addMethod(
            RehearsalMethods.HOLD,
            ServerCalls.asyncUnaryCall(
                (request, reply) ->
                    stage.onFinish(
                        () -> {
                          answer(reply, request + " from the " + stage.pool());
                          System.out.println("held call answered");
                        })))
        .addMethod(
            RehearsalMethods.HANG,
            ServerCalls.asyncUnaryCall(
                (request, reply) -> System.out.println("a call hangs: " + request)))
        .addMethod(
            RehearsalMethods.WATCH,
            ServerCalls.asyncServerStreamingCall(
                (request, reply) -> {
                  reply.onNext(request);
                  stage.onEndOfStreams(reply::onCompleted);
                }))
        .build();
  }

  private static void answer(StreamObserver<String> reply, String text) {
    reply.onNext(text);
    reply.onCompleted();
  }
}
