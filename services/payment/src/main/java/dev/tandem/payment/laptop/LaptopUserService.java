package dev.tandem.payment.laptop;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.grpc.GrpcService;

/**
 * Knows everybody but "nobody". Payments call it over gRPC, as they call the user service in a
 * cluster.
 */
@GrpcService
@IfBuildProfile("dev")
final class LaptopUserService extends UserServiceImplBase {

  @Override
  public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    if (request.getUserId().equals("nobody")) {
      response.onError(Status.NOT_FOUND.asRuntimeException());
      return;
    }
    response.onNext(
        GetUserResponse.newBuilder()
            .setUserId(request.getUserId())
            .setName("Laptop user " + request.getUserId())
            .build());
    response.onCompleted();
  }
}
