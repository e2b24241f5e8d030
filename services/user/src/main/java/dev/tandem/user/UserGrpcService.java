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
    switch (UserLookup.find(directory.current(), request.getUserId())) {
      case UserLookup.Failed failed ->
          response.onError(UserLookup.statusOf(failed).asRuntimeException());
      case UserLookup.Found(UserDirectory.Entry entry) -> {
        User user = entry.user();
        response.onNext(
            GetUserResponse.newBuilder()
                .setUserId(user.userId())
                .setName(user.name())
                .setAge(user.age())
                .build());
        response.onCompleted();
      }
    }
  }

  @Override
  public void watchUser(WatchUserRequest request, StreamObserver<WatchUserResponse> response) {
    watches.add(
        request.getUserId(),
        (ServerCallStreamObserver<WatchUserResponse>) response,
        UserGrpcService::state);
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
