package dev.tandem.user;

import dev.tandem.user.v1.GetUserRequest;
import dev.tandem.user.v1.GetUserResponse;
import dev.tandem.user.v1.UserServiceGrpc.UserServiceImplBase;
import dev.tandem.user.v1.WatchUserRequest;
import dev.tandem.user.v1.WatchUserResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/** tandem.user.v1 on the wire. Nothing here blocks, so that the calls stay on gRPC's event loop. */
@GrpcService
final class UserGrpcService extends UserServiceImplBase {

  private final LiveUserDirectory directory;
  private final UserWatches watches;

  @Inject
  UserGrpcService(LiveUserDirectory directory, UserWatches watches) {
    this.directory = directory;
    this.watches = watches;
  }

  @Override
  public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> response) {
    UserLookup.answer(directory.current(), request.getUserId(), response, UserGrpcService::reply);
  }

  @Override
  public void watchUser(WatchUserRequest request, StreamObserver<WatchUserResponse> response) {
    watches.add(
        request.getUserId(),
        (ServerCallStreamObserver<WatchUserResponse>) response,
        UserGrpcService::state);
  }

  private static GetUserResponse reply(User user) {
    return GetUserResponse.newBuilder()
        .setUserId(user.userId())
        .setName(user.name())
        .setAge(user.age())
        .build();
  }

  static WatchUserResponse state(UserDirectory.Entry entry) {
    User user = entry.user();
    return WatchUserResponse.newBuilder()
        .setUserId(user.userId())
        .setName(user.name())
        .setAge(user.age())
        .setRevision(entry.revision())
        .build();
  }
}
