package dev.tandem.payment;

import dev.tandem.transport.ChannelTo;
import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceBlockingStub;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.common.annotation.Blocking;

/** A service whose calls wait on worker threads, as Charge's wait on virtual ones. */
@GrpcService
final class ForwardingUsers extends UserServiceImplBase {

  private final UserServiceBlockingStub users;

  ForwardingUsers(@ChannelTo("user") Channel users) {
    this.users = UserServiceGrpc.newBlockingStub(users);
  }

  @Override
  @Blocking
  public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    try {
      response.onNext(users.getUser(request));
      response.onCompleted();
    } catch (StatusRuntimeException e) {
      response.onError(e);
    }
  }
}
